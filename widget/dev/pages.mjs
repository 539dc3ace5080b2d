// Sites that carry the widget, from friendly to hostile. Data attributes come from the query.

const TEXT = `<h1>Northfield Council</h1><p>Opening hours, forms and news for residents.</p>
<p><a href="#">Council tax</a> · <a href="#">Waste</a> · <a href="#">Planning</a></p>
<p><button id="own">A button of the page</button> <input aria-label="Search this site"></p>`;
const HOSTILE = `* { all: unset !important; }
div, section, button, textarea { display: none !important; font-size: 4px !important; color: red !important; }
#ai-widget-root, inhouse-chat { visibility: hidden !important; transform: scale(3) !important; }
html { font-size: 3px; direction: rtl; } body { display: block !important; }`;

const STUB = `(function(w){var q=[],a={q:q};["init","open","close","send","on","once"].forEach(function(m){
a[m]=function(){q.push([m].concat([].slice.call(arguments)))}});w.SelfHostedAI=a})(window);
window.heard=[];SelfHostedAI.on("*",function(d,n){heard.push(n)});SelfHostedAI.open();`;

const STRICT = (api) =>
  `default-src 'none'; script-src ${api}; connect-src ${api}; require-trusted-types-for 'script'`;

/** Answer with the page the path names. */
export function hostPage(request, response, address) {
  const url = new URL(request.url, "http://pages");
  const intranet = request.headers.host.startsWith("intranet");
  const api = intranet ? address.replace("127.0.0.1", "intranet.test") : address;
  const name = url.pathname.slice(1) || "plain";
  const attributes = [...url.searchParams].map(([key, value]) => ` ${key}="${value}"`).join("");
  const assistant = url.searchParams.has("data-assistant-id")
    ? ""
    : ' data-assistant-id="asst_demo"';
  const tag = `<script src="${api}/widget.js"${assistant}${attributes}></script>`;
  const headers = { "Content-Type": "text/html" };
  let head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Northfield</title>`;
  let content = `${TEXT}${tag}`;
  if (name === "strict") headers["Content-Security-Policy"] = STRICT(api);
  if (name === "latin1") {
    headers["Content-Type"] = "text/html; charset=iso-8859-1";
    head = head.replace('<meta charset="utf-8">', "");
  }
  if (name === "hostile") head += `<style>${HOSTILE}</style>`;
  if (name === "twice") content += tag;
  if (name === "stub") content = `<script>${STUB}</script>${content}`;
  if (name === "inline") {
    content = `${TEXT}<div id="place" style="width:420px;height:620px"></div>${tag}`;
  }
  if (name === "early") head += tag;
  const lang = name === "rtl" ? 'lang="ar" dir="rtl"' : 'lang="en"';
  response.writeHead(200, headers);
  response.end(`<!doctype html><html ${lang}><head>${head}</head><body>${content}</body></html>`);
}
