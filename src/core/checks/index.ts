/** Looking for mistakes before the first request (Django docs: System check framework). @module */
export {
  CheckMessage,
  type CheckMessageOptions,
  CRITICAL,
  Critical,
  DEBUG,
  Debug,
  ERROR,
  Error,
  INFO,
  Info,
  WARNING,
  Warning,
} from "./messages.ts";
export {
  type Check,
  type CheckArguments,
  CheckRegistry,
  register,
  type RegisterOptions,
  registry,
  run_checks,
  type RunChecksOptions,
  tag_exists,
  Tags,
} from "./registry.ts";
