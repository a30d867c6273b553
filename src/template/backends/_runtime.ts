/** What compiled templates call. @module */
export * from "./_iteration.ts";
export * from "./_members.ts";
export * from "./_text.ts";
