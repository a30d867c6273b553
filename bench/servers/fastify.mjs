// Fastify, with schemas for what JSON it sends, and what its typed endpoints are sent.
import { createReadStream, statSync } from "node:fs";
import http from "node:http";
import querystring from "node:querystring";
import { Readable } from "node:stream";
import { parseCookie } from "cookie";
import Fastify from "fastify";
import * as S from "../data.mjs";

const TEXT = "text/plain; charset=utf-8";
const MESSAGE = {
  schema: { response: { 200: { type: "object", properties: { message: { type: "string" } } } } },
};

const integer = { type: "integer" };
const number = { type: "number" };
const string = { type: "string" };
const boolean = { type: "boolean" };
const strings = { type: "array", items: string };
const object = (properties, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});

const ITEM = object({ id: integer, name: string, price: number, tags: strings });
const LINE = object({
  sku: { type: "string", minLength: 1, maxLength: 20 },
  quantity: { type: "integer", minimum: 1 },
  price: { type: "number", minimum: 0 },
});
const NEW_ORDER = object({
  customer: { type: "string", minLength: 1, maxLength: 100 },
  priority: { type: "integer", minimum: 1, maximum: 5 },
  gift: boolean,
  note: { type: "string", maxLength: 500 },
  lines: { type: "array", items: LINE, minItems: 1 },
});
const PLACED = object({
  id: integer,
  customer: string,
  priority: integer,
  gift: boolean,
  total: number,
  skus: strings,
});
const SEARCH = object(
  {
    q: { type: "string", minLength: 1 },
    page: { type: "integer", minimum: 1, default: 1 },
    exact: { type: "boolean", default: false },
  },
  ["q"],
);
const FOUND = object({ q: string, page: integer, exact: boolean, names: strings });

function add_api(app) {
  const params = object({ id: integer });
  app.get(
    "/api/items/:id/",
    { schema: { params, response: { 200: ITEM } } },
    (request, reply) => void reply.send(S.item(request.params.id)),
  );
  app.get(
    "/api/plain/:id/",
    { schema: { params } },
    (request, reply) => void reply.send(S.item(request.params.id)),
  );
  app.post(
    "/api/orders/",
    { schema: { body: NEW_ORDER, response: { 201: PLACED } } },
    (request, reply) => void reply.code(201).send(S.placed(request.body)),
  );
  app.get(
    "/api/search/",
    { schema: { querystring: SEARCH, response: { 200: FOUND } } },
    ({ query: { q, page, exact } }, reply) => void reply.send(S.found(q, page, exact)),
  );
}

export async function start({ routes }) {
  let server;
  const app = Fastify({ serverFactory: (handler) => (server = http.createServer(handler)) });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_, body, done) => done(null, querystring.parse(body)),
  );
  app.get("/plaintext", (_, reply) =>
    reply.header("X-App", "bench").type(TEXT).send("Hello, World!"),
  );
  app.get("/json", MESSAGE, (_, reply) => reply.send({ message: "Hello, World!" }));
  app.get("/q", (request, reply) => {
    const query = Object.fromEntries(
      Object.entries(request.query).map(([key, value]) => [key, [value].flat()]),
    );
    reply.send({ query, cookies: parseCookie(request.headers.cookie ?? "") });
  });
  app.post("/form", (request, reply) => reply.send(request.body));
  app.get("/page", (_, reply) =>
    reply.type("text/html; charset=utf-8").send(S.render("page.html", S.PAGE)),
  );
  app.get("/file/small", (_, reply) =>
    reply
      .type(TEXT)
      .header("Content-Length", statSync(S.FILES.small).size)
      .send(createReadStream(S.FILES.small)),
  );
  app.get("/stream", (_, reply) => reply.type(TEXT).send(Readable.from(S.chunks())));
  const show = ({ params: { year, month, slug } }, reply) =>
    reply.type(TEXT).send(S.article(Number(year), Number(month), slug));
  for (const prefix of [...S.fillers(routes), "articles"])
    app.get(`/${prefix}/:year(^[0-9]+$)/:month(^[0-9]+$)/:slug/`, show);
  add_api(app);
  await app.ready();
  return server;
}
