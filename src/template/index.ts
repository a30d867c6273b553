/** Template engines, and nunjucks as one of them (Django docs: Templates). @module */
export { BaseEngine, type GivenContext } from "./backends/base.ts";
export {
  type ContextProcessor,
  type EnvironmentFactoryOptions,
  Nunjucks,
  type NunjucksOptions,
  Template,
  type TemplateContext,
} from "./backends/nunjucks.ts";
export { TemplateDoesNotExist, TemplateSyntaxError } from "./exceptions.ts";
export {
  type EngineHandler,
  engines,
  type TemplateEngineParams,
  type TemplateEngineSettings,
} from "./utils.ts";
