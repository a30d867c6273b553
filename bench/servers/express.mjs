// Express 5 with its own body parser.
import http from "node:http";
import { parseCookie } from "cookie";
import express from "express";
import { Readable } from "node:stream";
import * as S from "../data.mjs";

export async function start({ routes }) {
  const app = express();
  app.disable("etag");
  app.get("/plaintext", (_, res) =>
    res.set("X-App", "bench").type("text/plain").send("Hello, World!"),
  );
  app.get("/json", (_, res) => res.json({ message: "Hello, World!" }));
  app.get("/q", (req, res) => {
    const query = Object.fromEntries(
      Object.entries(req.query).map(([key, value]) => [key, [value].flat()]),
    );
    res.json({ query, cookies: parseCookie(req.headers.cookie ?? "") });
  });
  app.post("/form", express.urlencoded({ extended: false }), (req, res) => res.json(req.body));
  app.get("/page", (_, res) => res.type("text/html").send(S.render("page.html", S.PAGE)));
  app.get("/file/small", (_, res) => res.sendFile(S.FILES.small));
  app.get("/stream", (_, res) => Readable.from(S.chunks()).pipe(res.type("text/plain")));
  const show = ({ params: { year, month, slug } }, res) =>
    res.type("text/plain").send(S.article(Number(year), Number(month), slug));
  for (const prefix of [...S.fillers(routes), "articles"])
    app.get(`/${prefix}/:year/:month/:slug/`, show);
  return http.createServer(app);
}
