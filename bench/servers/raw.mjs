// node:http by hand, without a framework: what the platform allows.
import fs from "node:fs";
import http from "node:http";
import querystring from "node:querystring";
import * as S from "../data.mjs";

const TEXT = "text/plain; charset=utf-8";
const answer = (res, body, type = TEXT, status = 200) => {
  res.writeHead(status, ["Content-Type", type, "Content-Length", Buffer.byteLength(body)]);
  res.end(body);
};
const json = (res, data, status) => answer(res, JSON.stringify(data), "application/json", status);

function cookies(header = "") {
  const found = {};
  for (const part of header.split("; ")) {
    const at = part.indexOf("=");
    if (at > 0) found[part.slice(0, at)] = part.slice(at + 1);
  }
  return found;
}

function query(url) {
  const parsed = querystring.parse(url.slice(url.indexOf("?") + 1));
  for (const key in parsed) if (!Array.isArray(parsed[key])) parsed[key] = [parsed[key]];
  return parsed;
}

function with_body(req, use) {
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", () => use(Buffer.concat(chunks).toString()));
}

const form = (req, res) => with_body(req, (body) => json(res, { ...querystring.parse(body) }));

async function stream(res) {
  res.writeHead(200, ["Content-Type", TEXT]);
  for await (const chunk of S.chunks())
    if (!res.write(chunk)) await new Promise((resolve) => res.once("drain", resolve));
  res.end();
}

const is_text = (value, min, max) =>
  typeof value === "string" && value.length >= min && value.length <= max;
const is_integer = (value, min, max = Infinity) =>
  Number.isSafeInteger(value) && value >= min && value <= max;
const is_line = (line) =>
  typeof line === "object" &&
  line !== null &&
  is_text(line.sku, 1, 20) &&
  is_integer(line.quantity, 1) &&
  Number.isFinite(line.price) &&
  line.price >= 0;
const is_order = (order) =>
  typeof order === "object" &&
  order !== null &&
  is_text(order.customer, 1, 100) &&
  is_integer(order.priority, 1, 5) &&
  typeof order.gift === "boolean" &&
  is_text(order.note, 0, 500) &&
  Array.isArray(order.lines) &&
  order.lines.length > 0 &&
  order.lines.every(is_line);

function orders(req, res) {
  with_body(req, (body) => {
    const order = JSON.parse(body);
    if (is_order(order)) json(res, S.placed(order), 201);
    else res.writeHead(422).end();
  });
}

function search(res, { q, page = "1", exact = "false" }) {
  const is_valid = is_text(q, 1, Infinity) && is_integer(Number(page), 1);
  if (is_valid && (exact === "true" || exact === "false"))
    json(res, S.found(q, Number(page), exact === "true"));
  else res.writeHead(422).end();
}

const ITEM = /^\/api\/(?:items|plain)\/([0-9]+)\/$/;

function api(req, res) {
  const { url } = req;
  const match = ITEM.exec(url);
  if (match !== null) return json(res, S.item(Number(match[1])));
  if (url === "/api/orders/") return orders(req, res);
  if (url.startsWith("/api/search/?"))
    return search(res, querystring.parse(url.slice(url.indexOf("?") + 1)));
  return res.writeHead(404).end();
}

const ARTICLE = /^\/articles\/([0-9]+)\/([0-9]+)\/([-a-zA-Z0-9_]+)\/$/;

export async function listener() {
  return (req, res) => {
    const { url } = req;
    if (url === "/plaintext") {
      res.writeHead(200, ["Content-Type", TEXT, "Content-Length", "13", "X-App", "bench"]);
      return res.end("Hello, World!");
    }
    if (url === "/json") return json(res, { message: "Hello, World!" });
    if (url === "/page")
      return answer(res, S.render("page.html", S.PAGE), "text/html; charset=utf-8");
    if (url === "/form") return form(req, res);
    if (url === "/file/small") return fs.readFile(S.FILES.small, (_, data) => answer(res, data));
    if (url === "/stream") return stream(res);
    if (url.startsWith("/q?"))
      return json(res, { query: query(url), cookies: cookies(req.headers.cookie) });
    if (url.startsWith("/api/")) return api(req, res);
    const match = ARTICLE.exec(url);
    if (match !== null) return answer(res, S.article(Number(match[1]), Number(match[2]), match[3]));
    res.writeHead(404).end();
  };
}

export const start = async (options) => http.createServer(await listener(options));
