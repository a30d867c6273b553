/** Several sites of one program (Django docs: The sites framework). @module */
export { CurrentSiteMiddleware } from "./middleware.ts";
export { Site, type SiteFields, SiteManager } from "./models.ts";
export { RequestSite } from "./requests.ts";
export { get_current_site } from "./_current_site.ts";
