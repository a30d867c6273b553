// Express 5 with its own body parser; what it is sent and sends is checked by zod.
import http from "node:http";
import { parseCookie } from "cookie";
import express from "express";
import { Readable } from "node:stream";
import { z } from "zod";
import * as S from "../data.mjs";
import { Item, NewOrder, Order, Results, Search } from "../schemas.mjs";

const Path = z.object({ id: z.coerce.number().int() });
const Query = Search.extend({
  page: z.coerce.number().int().min(1).default(1),
  exact: z.stringbool().default(false),
});

function add_api(app) {
  app.get("/api/items/:id/", ({ params }, res) =>
    res.json(Item.parse(S.item(Path.parse(params).id))),
  );
  app.get("/api/plain/:id/", ({ params }, res) => res.json(S.item(Path.parse(params).id)));
  app.post("/api/orders/", express.json(), ({ body }, res) =>
    res.status(201).json(Order.parse(S.placed(NewOrder.parse(body)))),
  );
  app.get("/api/search/", (req, res) => {
    const { q, page, exact } = Query.parse(req.query);
    res.json(Results.parse(S.found(q, page, exact)));
  });
}

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
  add_api(app);
  return http.createServer(app);
}
