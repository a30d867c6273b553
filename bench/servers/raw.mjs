// node:http by hand, without a framework: what the platform allows.
import fs from "node:fs";
import http from "node:http";
import querystring from "node:querystring";
import * as S from "../data.mjs";

const TEXT = "text/plain; charset=utf-8";
const answer = (res, body, type = TEXT) => {
  res.writeHead(200, ["Content-Type", type, "Content-Length", Buffer.byteLength(body)]);
  res.end(body);
};
const json = (res, data) => answer(res, JSON.stringify(data), "application/json");

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

function form(req, res) {
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", () => json(res, { ...querystring.parse(Buffer.concat(chunks).toString()) }));
}

async function stream(res) {
  res.writeHead(200, ["Content-Type", TEXT]);
  for await (const chunk of S.chunks())
    if (!res.write(chunk)) await new Promise((resolve) => res.once("drain", resolve));
  res.end();
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
    const match = ARTICLE.exec(url);
    if (match !== null) return answer(res, S.article(Number(match[1]), Number(match[2]), match[3]));
    res.writeHead(404).end();
  };
}

export const start = async (options) => http.createServer(await listener(options));
