/** Class-based views (Django docs: Built-in class-based views). @module */
export {
  ContextMixin,
  RedirectView,
  type TemplateResponseClass,
  TemplateResponseMixin,
  TemplateView,
  View,
  type ViewClass,
  type ViewFunction,
} from "./base.ts";
