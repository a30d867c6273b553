// Fastify, with a schema for the JSON answer.
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
  await app.ready();
  return server;
}
