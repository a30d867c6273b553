/** Messages for the user, shown on the next page that asks for them (Django docs: The messages framework). @module */
export * from "./api.ts";
export * from "./constants.ts";
export { MessageMiddleware } from "./middleware.ts";
