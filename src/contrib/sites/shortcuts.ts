/** `get_current_site`, where Django has it. @module */
export { get_current_site } from "./_current_site.ts";
