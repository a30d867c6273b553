/** Class-based views (Django's `django.views`). @module */
export { View } from "./generic/base.ts";
