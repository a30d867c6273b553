/** Before any spec: settings every spec may override. @module */
import { settings } from "nuages/conf";

if (!settings.configured) {
  settings.configure({
    SECRET_KEY: "spec-secret-key-0123456789abcdef0123456789",
    ALLOWED_HOSTS: ["testserver"],
    TIME_ZONE: "UTC",
  });
}
