// What every benchmarked server serves, and what is asked of it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import nunjucks from "nunjucks";

export const DIR = import.meta.dirname;
export const SECRET = "a-benchmark-secret-that-protects-nothing-0123456789";

export const PAGE = {
  title: 'Sales <2026> & "forecast"',
  rows: Array.from({ length: 50 }, (_, i) => ({
    id: i + 1,
    name: `Item <${i}> & more`,
    price: (i * 31) % 97,
  })),
};
const environment = new nunjucks.Environment(
  new nunjucks.FileSystemLoader(path.join(DIR, "templates")),
  { autoescape: true },
);
export const render = (name, context) => environment.render(name, context);

export const article = (year, month, slug) => `article year=${year} month=${month} slug=${slug}`;
/** Prefixes of the routes that stand before the one that is asked for. */
export const fillers = (routes) => Array.from({ length: routes - 1 }, (_, i) => `section${i}`);

export const CHUNK = `${"y".repeat(1023)}\n`;
export async function* chunks() {
  for (let i = 0; i < 200; i++) yield CHUNK;
}

export const TMP = fs.mkdtempSync(path.join(os.tmpdir(), "nuages-bench-"));
process.once("exit", () => fs.rmSync(TMP, { recursive: true, force: true }));
export const FILES = { small: path.join(TMP, "small.txt"), big: path.join(TMP, "big.bin") };
fs.writeFileSync(FILES.small, "A line of exactly thirty-two b.\n".repeat(128));
fs.writeFileSync(FILES.big, Buffer.alloc(16 * 1024 * 1024, "nuages"));

const COOKIES = { theme: "dark", lang: "fr", cart: "1-2-3", consent: "yes" };
const FORM = new URLSearchParams(
  Array.from({ length: 20 }, (_, i) => [`field_${i}`, `value ${i} & caf\u00e9`]),
).toString();

/** A small object, as typed endpoints answer it. */
export const item = (id) => ({
  id,
  name: "A brass astrolabe",
  price: 129.5,
  tags: ["old", "rare"],
});

export const ORDER = {
  customer: "Ada Lovelace",
  priority: 2,
  gift: true,
  note: "Ring twice, the bell is hard to hear in the garden.",
  lines: [
    { sku: "AST-0001", quantity: 1, price: 129.5 },
    { sku: "SEX-0417", quantity: 2, price: 80.25 },
    { sku: "CHR-2203", quantity: 12, price: 4.75 },
  ],
};

/** What a POSTed order is answered with. */
export function placed({ customer, priority, gift, lines }) {
  let total = 0;
  for (const { quantity, price } of lines) total += quantity * price;
  return { id: 1815, customer, priority, gift, total, skus: lines.map(({ sku }) => sku) };
}

/** The answer to a search. */
export const found = (q, page, exact) => ({ q, page, exact, names: [`${q} of brass`] });

/** `routes`: how many there are; `send`: headers; `form`, `json`: a body to POST; `api`: with the typed endpoints. */
export const SCENARIOS = {
  plaintext: { path: "/plaintext" },
  json: { path: "/json" },
  "params, 10 routes": { path: "/articles/2026/11/hello-world/", routes: 10 },
  "params, 10,000 routes": { path: "/articles/2026/11/hello-world/", routes: 10_000 },
  "query and cookies": {
    path: "/q?a=1&a=2&b=%E2%82%AC",
    send: {
      Cookie: Object.entries(COOKIES)
        .map((pair) => pair.join("="))
        .join("; "),
    },
  },
  "form, 20 fields": { path: "/form", form: FORM },
  "template, 50 rows": { path: "/page" },
  "file, 4 KiB": { path: "/file/small" },
  "stream, 200 chunks": { path: "/stream" },
  api_json: { path: "/api/items/7/", api: true },
  api_plain: { path: "/api/plain/7/", api: true },
  api_body: { path: "/api/orders/", json: JSON.stringify(ORDER), api: true },
  api_query: { path: "/api/search/?q=astrolabe&page=3&exact=true", api: true },
};
