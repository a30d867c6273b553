// Nuages, as bench/server.mjs sets it up.
import http from "node:http";
import * as S from "../data.mjs";
import { listener } from "../server.mjs";

export const start = async (options) => http.createServer(await listener(options, S));
