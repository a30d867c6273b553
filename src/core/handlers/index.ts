/** The doors and the chain behind them. @module */
export { background_finished } from "../../http/_background.ts";
export { BaseHandler } from "./base.ts";
export { convert_exception_to_response, response_for_exception } from "./exception.ts";
export { type FetchApplication, FetchHandler, get_fetch_application } from "./fetch.ts";
export { get_node_application, type NodeApplication, NodeHandler } from "./node.ts";
export { type RunningServer, serve, type ServeOptions } from "./serve.ts";
