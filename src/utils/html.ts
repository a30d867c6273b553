/** HTML: escaping, building small fragments, and making text into HTML (Django docs: `django.utils.html`). @module */
export { conditional_escape, escape, escapejs } from "./_escape.ts";
