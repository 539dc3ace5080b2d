// A small appliance for developing and testing the widget: the same API, no model, and on request
// every trouble a network can make. Run `npm run dev`, then open the address it prints.
//
//   node dev/mock-server.mjs [--port 0] [--pages-port 0] [--stranger-port 0]
//
// It prints one line of JSON: the appliance, an allowed site, and a site that is not allowed.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import { ANSWERS } from "./answers.mjs";
import { hostPage } from "./pages.mjs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const flag = (name) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1]) || 0;
const given = (name) => (process.argv.includes(`--${name}`) ? flag(name) : 0);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const ASSISTANT = "asst_demo";
const CONFIG = {
  assistant_id: ASSISTANT,
  name: "Northfield helpdesk",
  title: "Northfield helpdesk",
  theme: "auto",
  position: "bottom-right",
  primary_color: "#0f766e",
  welcome_message: "",
  placeholder: "",
};
const sessions = new Map();
const lives = new Map();
const spent = new Set();
const requests = [];
const allowed = new Set();

const id = (prefix) => `${prefix}_${randomUUID().slice(0, 8)}`;

/** Write `lives` answer by answer: every event numbered, many readers, replay from any number. */
class Live {
  constructor(reply, session) {
    Object.assign(this, { reply, session, events: [], readers: new Set(), over: false });
    this.left = setTimeout(() => this.abandon(), 4_000);
  }

  emit(event, data) {
    if (this.over) return;
    const number = this.events.length + 1;
    this.events.push({ number, event, data });
    this.over = event === "message.end" || event === "error";
    for (const wake of [...this.readers]) wake();
  }

  /** Nobody has read for a while: the visitor has gone. */
  abandon() {
    this.finish("partial", "client_left");
  }

  finish(state, reason = null) {
    if (this.over) return;
    Object.assign(this.reply, { state, reason });
    this.emit("message.end", { message: this.reply, usage: {} });
  }

  watch(reading) {
    clearTimeout(this.left);
    if (!reading && this.readers.size === 0) this.left = setTimeout(() => this.abandon(), 1_500);
  }
}

async function play(live, question, plan) {
  const { reply } = live;
  const { cites = [], pace = 25, chunk = 0, text } = plan;
  live.emit("message.start", {
    session_id: live.session.id,
    message: question,
    reply_id: reply.id,
  });
  live.emit("status", { state: "searching" });
  await sleep(250);
  for (let position = plan.queue ?? 0; position > 0; position -= 1) {
    live.emit("status", { state: "queued", position, wait_seconds: 4 * position });
    await sleep(600);
  }
  live.emit("status", { state: "writing" });
  live.emit("sources", {
    sources: (plan.sources ?? cites).map(({ quote, ...rest }) => ({ ...rest, quote: null })),
  });
  const pieces = chunk
    ? text.match(new RegExp(`[^]{1,${chunk}}`, "g"))
    : text.match(/\s*\S+\s*$|\s*\S+/g);
  for (const delta of pieces) {
    if (live.over) return;
    reply.content += delta;
    live.emit("message.delta", { delta });
    if (pace) await sleep(pace);
    else if (live.events.length % 50 === 0) await sleep(1);
  }
  if (plan.error) {
    Object.assign(reply, { state: "failed", reason: plan.error });
    live.emit("error", { error: { code: plan.error, message: "It stopped.", type: "api_error" } });
    return;
  }
  Object.assign(reply, { mode: plan.mode ?? "generate", citations: plan.mode ? [] : cites });
  live.finish("complete", plan.reason ?? null);
}

/** Stream `live` from behind event `after`; `plan` may cut the line or the bytes. */
async function stream(response, live, after, plan, headers) {
  response.writeHead(200, {
    ...headers,
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
  });
  response.write(`: ${" ".repeat(2000)}\n\n`);
  let gone = false;
  response.on("close", () => {
    gone = true;
  });
  for (let next = after; !gone; next += 1) {
    while (!gone && live.events.length <= next && !live.over) {
      let wake;
      const woken = new Promise((resolve) => {
        wake = resolve;
      });
      live.readers.add(wake);
      live.watch(true);
      await Promise.race([woken, sleep(200)]);
      live.readers.delete(wake);
      live.watch(false);
    }
    const event = live.events[next];
    if (!event) break;
    const end = plan.bytes ? "\r\n" : "\n";
    const lines = [`id: ${live.reply.id}:${event.number}`, `event: ${event.event}`];
    const frame = [...lines, `data: ${JSON.stringify(event.data)}`, "", ""].join(end);
    if (plan.bytes) for (const byte of Buffer.from(frame)) response.write(Buffer.of(byte));
    else response.write(frame);
    if (plan.breakAt?.includes(event.number) && !spent.has(`${live.reply.id}${event.number}`)) {
      spent.add(`${live.reply.id}${event.number}`);
      response.socket.destroy();
      return;
    }
  }
  response.end();
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function refuse(response, status, code, headers, retryAfter) {
  const more = retryAfter ? { ...headers, "Retry-After": String(retryAfter) } : headers;
  const error = { message: code, type: "error", param: null, code, request_id: "req_mock" };
  send(response, status, { error }, more);
}

const body = (request) =>
  new Promise((resolve) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => resolve(text ? JSON.parse(text) : {}));
  });

async function message(request, response, session, headers) {
  const { content } = await body(request);
  const plan = ANSWERS.find(({ ask }) => ask.test(content.toLowerCase()));
  const fresh = !(plan.once && spent.has(`${plan.ask}`));
  if (fresh && plan.drop) {
    plan.drop -= 1;
    if (plan.drop === 0) spent.add(`${plan.ask}`);
    response.socket.destroy();
    return;
  }
  if (fresh && plan.status) {
    spent.add(`${plan.ask}`);
    refuse(response, plan.status, plan.code, headers, plan.retryAfter);
    return;
  }
  const question = { id: id("msg"), role: "user", content, state: "complete" };
  const reply = { id: id("msg"), role: "assistant", content: "", state: "writing", citations: [] };
  const live = new Live(reply, session);
  session.messages.push(question, reply);
  lives.set(reply.id, { live, plan });
  void play(live, question, plan);
  await stream(response, live, 0, plan, headers);
}

function cors(origin) {
  if (!allowed.has(origin)) return null;
  return {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
    Vary: "Origin",
  };
}

function preflight(response, headers) {
  response.writeHead(headers ? 204 : 403, {
    ...headers,
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "600",
  });
  response.end();
}

function files(path, response) {
  const script = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cross-Origin-Resource-Policy": "cross-origin",
  };
  if (path === "/widget.js") {
    response.writeHead(200, script);
    response.end(read("../../appliance/web/static/widget/widget.js"));
  } else if (path === "/health") {
    send(response, 200, { status: "ok" }, { "Cross-Origin-Resource-Policy": "same-origin" });
  } else if (path === "/__requests") send(response, 200, requests);
  else if (path === "/demo.css") {
    response.writeHead(200, { "Content-Type": "text/css" });
    response.end(read("../../appliance/web/pages/demo.css"));
  } else if (path.startsWith("/demo/")) demo(response, path.slice(6));
  else return false;
  return true;
}

function demo(response, assistant) {
  const own = ["script", "connect", "style", "img"].map((kind) => `${kind}-src 'self'`);
  const policy = ["default-src 'none'", ...own].join("; ");
  const html = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy };
  const values = { id: assistant, name: CONFIG.name, address: api };
  const page = read("../../appliance/web/pages/demo.html");
  response.writeHead(200, html);
  response.end(page.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]));
}

async function serve(request, response) {
  const url = new URL(request.url, "http://mock");
  const [, , kind, key, , reply, action] = url.pathname.split("/");
  const origin = request.headers.origin ?? `http://${request.headers.host}`;
  const headers = cors(origin);
  const { method } = request;
  if (files(url.pathname, response)) return;
  if (method === "OPTIONS") return preflight(response, headers);
  requests.push({ method, path: url.pathname, headers: request.headers });
  if (!headers) return refuse(response, 403, "origin_not_allowed", {});
  if (kind === "widget") {
    const found = url.searchParams.get("assistant_id") === ASSISTANT;
    return found
      ? send(response, 200, CONFIG, headers)
      : refuse(response, 404, "not_found", headers);
  }
  if (kind === "assistants") {
    const session = { id: id("ses"), token: `vt_${randomUUID()}`, messages: [] };
    sessions.set(session.id, session);
    const made = { id: session.id, session_id: session.id, session_token: session.token };
    return send(response, 201, made, headers);
  }
  const session = sessions.get(key);
  if (request.headers.authorization !== `Bearer ${session?.token}`) {
    return refuse(response, 401, "invalid_token", headers);
  }
  const running = lives.get(reply);
  const after = Number((request.headers["last-event-id"] ?? "").split(":")[1]) || 0;
  if (action === "events") return stream(response, running.live, after, running.plan, headers);
  if (action === "stop") {
    running.live.finish("partial", "stopped");
    return send(response, 202, {}, headers);
  }
  if (method === "POST") return message(request, response, session, headers);
  const { token, ...shown } = session;
  return send(response, 200, shown, headers);
}

const listen = (handler, port) =>
  new Promise((resolve) => {
    const server = http.createServer((request, response) => void handler(request, response));
    server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });

const api = await listen(serve, given("port"));
const showPage = (request, response) => hostPage(request, response, api);
const pages = await listen(showPage, given("pages-port"));
const stranger = await listen(showPage, given("stranger-port"));
allowed.add(api).add(pages);
// A name that is not loopback makes a page of plain http, as on an intranet.
for (const site of [api, pages]) allowed.add(site.replace("127.0.0.1", "intranet.test"));
process.stdout.write(`${JSON.stringify({ api, pages, stranger })}\n`);
