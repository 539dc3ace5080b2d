// Draws the OpenAPI document as a page. No library, nothing from elsewhere.
"use strict";

const DEEP = 4; // levels of nested objects that are drawn

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content.filter((each) => each !== null && each !== undefined));
  return made;
}

/** Text in which `backticks` mark code. */
function prose(text) {
  return text.split("`").map((each, at) => (at % 2 ? element("code", each) : each));
}

function nameOf(schema) {
  return schema?.$ref ? schema.$ref.split("/").pop() : "";
}

function resolve(schema, all) {
  return schema?.$ref ? (all[nameOf(schema)] ?? {}) : (schema ?? {});
}

function kindOf(schema, all) {
  if (schema.$ref) return nameOf(schema);
  if (schema.anyOf) return schema.anyOf.map((each) => kindOf(each, all)).join(" or ");
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `list of ${kindOf(schema.items ?? {}, all)}`;
  return schema.format === "binary" ? "file" : (schema.format ?? schema.type ?? "any");
}

function bounds(schema, asked) {
  if (!asked) return "";
  const said = [
    ["minimum", "≥"],
    ["maximum", "≤"],
    ["minLength", "length ≥"],
    ["maxLength", "length ≤"],
    ["maxItems", "at most"],
  ];
  const some = (schema.anyOf ?? [schema]).find((each) => each.type !== "null") ?? schema;
  const limits = said.filter(([key]) => some[key] !== undefined);
  const texts = limits.map(([key, sign]) => `${sign} ${some[key]}`);
  if (schema.default !== undefined && schema.default !== null)
    texts.push(`default ${JSON.stringify(schema.default)}`);
  return texts.length ? ` (${texts.join(", ")})` : "";
}

function inner(schema, all) {
  const candidates = [schema, schema.items, ...(schema.anyOf ?? [])].filter(Boolean);
  return candidates.map((each) => resolve(each, all)).find((each) => each.properties);
}

/** `asked`: what must be sent is marked; in a reply every field is there. */
function fields(schema, all, depth, asked) {
  const needed = new Set(asked ? (schema.required ?? []) : []);
  const list = element("dl");
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const term = element("dt", name);
    if (needed.has(name)) term.className = "needed";
    const about = property.description ? ` — ${property.description}` : "";
    const told = element("dd", ...prose(kindOf(property, all) + bounds(property, asked) + about));
    const nested = depth < DEEP ? inner(property, all) : null;
    if (nested) told.append(fields(nested, all, depth + 1, asked));
    list.append(term, told);
  }
  return list;
}

function content(title, part, all) {
  const drawn = [];
  for (const [type, { schema }] of Object.entries(part?.content ?? {})) {
    const resolved = resolve(schema, all);
    drawn.push(element("h4", `${title} · ${type}${nameOf(schema) ? ` · ${nameOf(schema)}` : ""}`));
    const asked = title === "Send";
    drawn.push(
      resolved.properties ? fields(resolved, all, 0, asked) : element("p", kindOf(schema, all)),
    );
  }
  return drawn;
}

function access(operation) {
  if (!operation.security?.length) return "Open to everybody.";
  const ways = operation.security.flatMap((way) => {
    if (way.cookie) return ["signed in at the console"];
    if (way.bearer) return [operation["x-scope"] ? `a key with the scope ${operation["x-scope"]}` : "a visitor's token"];
    return Object.keys(way).length ? [] : ["a page of an allowed site"];
  });
  return `For: ${[...new Set(ways)].join(", ")}.`;
}

function drawOperation(path, method, operation, all) {
  const summary = element("summary", element("b", method.toUpperCase()), element("code", path));
  summary.append(element("span", ...prose(operation.summary ?? "")));
  const body = element("div");
  const more = (operation.description ?? "").replaceAll("<br/>", " ").trim();
  if (more) body.append(element("p", ...prose(more)));
  body.append(element("p", access(operation)));
  if (operation.parameters?.length) {
    const properties = operation.parameters.map((each) => [each.name, each.schema]);
    const required = operation.parameters.filter((each) => each.required).map((each) => each.name);
    body.append(element("h4", "Parameters"));
    body.append(fields({ properties: Object.fromEntries(properties), required }, all, DEEP, true));
  }
  body.append(...content("Send", operation.requestBody, all));
  for (const [status, response] of Object.entries(operation.responses ?? {}))
    if (status !== "default") {
      const drawn = content(`Reply ${status}`, response, all);
      body.append(...(drawn.length ? drawn : [element("h4", `Reply ${status}`)]));
    }
  const drawn = element("details", summary, body);
  drawn.dataset.text = `${method} ${path} ${operation.summary}`.toLowerCase();
  return drawn;
}

function draw(description) {
  const all = description.components.schemas;
  const chapters = document.getElementById("chapters");
  const contents = document.getElementById("contents");
  document.getElementById("about").textContent =
    `Version ${description.info.version}. ${description.info.description}`;
  const sections = new Map();
  chapters.replaceChildren();
  for (const tag of description.tags ?? []) {
    const section = element("section", element("h2", tag.name), element("p", tag.description ?? ""));
    section.id = tag.name;
    const link = element("a", tag.name);
    link.href = `#${tag.name}`;
    contents.append(link);
    chapters.append(section);
    sections.set(tag.name, section);
  }
  for (const [path, methods] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(methods))
      sections.get(operation.tags?.[0])?.append(drawOperation(path, method, operation, all));
}

function search(text) {
  const wanted = text.trim().toLowerCase();
  for (const each of document.querySelectorAll("details"))
    each.hidden = !each.dataset.text.includes(wanted);
  for (const each of document.querySelectorAll("section"))
    each.hidden = !each.querySelector("details:not([hidden])");
}

fetch("/v1/openapi.json")
  .then((reply) => reply.json())
  .then((description) => {
    draw(description);
    document.getElementById("search").addEventListener("input", (event) => search(event.target.value));
  })
  .catch(() => {
    document.getElementById("chapters").textContent = "The description could not be loaded.";
  });
