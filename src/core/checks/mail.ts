/** Checks of `MAILERS` (Django docs: System check framework, "Mail"). @module */
import { settings } from "../../conf/index.ts";
import * as console_mailer from "../mail/backends/console.ts";
import * as dummy_mailer from "../mail/backends/dummy.ts";
import * as file_mailer from "../mail/backends/filebased.ts";
import * as memory_mailer from "../mail/backends/locmem.ts";
import { type CheckMessage, Error, Warning } from "./messages.ts";

const NAME = "default";

/** Mailers that send nothing: those modules, and the classes in them. */
const FOR_DEVELOPMENT: ReadonlySet<unknown> = new Set(
  [console_mailer, dummy_mailer, file_mailer, memory_mailer].flatMap((module) => [
    module,
    module.EmailBackend,
  ]),
);

/** `mail.W001`. */
export function check_mailers_default_alias(): CheckMessage[] {
  if (!settings.is_overridden("MAILERS") || Object.hasOwn(settings.MAILERS, NAME)) return [];
  return [
    new Warning(`MAILERS has no entry "${NAME}": mail that names no mailer cannot be sent.`, {
      hint: 'Add one, or give "using" whenever mail is sent.',
      id: "mail.W001",
    }),
  ];
}

/** `mail.E001`. */
export function check_mailers_production_backend(): CheckMessage[] {
  if (!settings.is_overridden("MAILERS")) return [];
  const { BACKEND } = (settings.MAILERS[NAME] ?? {}) as { BACKEND?: unknown }; // whatever it is
  if (!FOR_DEVELOPMENT.has(BACKEND)) return [];
  return [
    new Error(`The mailer "${NAME}" is one for development: it sends nothing.`, {
      hint: "Give another BACKEND, such as that for SMTP.",
      id: "mail.E001",
    }),
  ];
}
