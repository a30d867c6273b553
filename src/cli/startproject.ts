/** `startproject`: writes the files of a new project. @module */
import { SECRET_KEY_INSECURE_PREFIX } from "../core/checks/security/base.ts";
import { get_random_secret_key } from "../core/management/utils.ts";
import { type Files, TemplateCommand } from "./_files.ts";

/** Writes a directory with the settings, the URLs and the command line of a project. */
export class Command extends TemplateCommand {
  static {
    this.prototype.help = "Writes the files of a new project.";
  }

  override files(name: string): Files {
    return {
      "manage.ts": manage(name),
      "package.json": package_json(name, this.get_version()),
      "tsconfig.json": TSCONFIG,
      ".gitignore": "node_modules/\n.env\n",
      [`${name}/main.ts`]: main(name),
      [`${name}/settings.ts`]: settings(name),
      [`${name}/urls.ts`]: urls(name),
    };
  }
}

function manage(name: string): string {
  return `/** The command line of ${name}: npm run manage check. @module */
import { execute_from_command_line } from "nuages/core/management";

process.env["NUAGES_SETTINGS_MODULE"] ||= new URL("./${name}/settings.ts", import.meta.url).href;
await execute_from_command_line();
`;
}

function main(name: string): string {
  return `/** Serves ${name}: npm start. In production set DEBUG=0, SECRET_KEY, and ALLOWED_HOSTS in settings.ts. @module */
import { serve } from "nuages";
import { settings } from "./settings.ts";

const { url } = await serve({ settings });
console.log(\`Listening on \${url}\`);
`;
}

function urls(name: string): string {
  return `/** The URLs of ${name} (Django docs: URL dispatcher). @module */
import type { URLPatterns } from "nuages/urls";

// A function: path("", home, { name: "home" }). An app: path("blog/", include(blog)), its urls.ts being blog.
export const urlpatterns: URLPatterns = [];
`;
}

function settings(name: string): string {
  const key = JSON.stringify(SECRET_KEY_INSECURE_PREFIX + get_random_secret_key());
  return `/** The settings of ${name}, under Django's names (Django docs: Settings). @module */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "nuages/conf";
import { auth } from "nuages/contrib/auth/context_processors";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import { MessageMiddleware } from "nuages/contrib/messages";
import { messages } from "nuages/contrib/messages/context_processors";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { EmailBackend } from "nuages/core/mail/backends/console";
import { XFrameOptionsMiddleware } from "nuages/middleware/clickjacking";
import { CommonMiddleware } from "nuages/middleware/common";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { SecurityMiddleware } from "nuages/middleware/security";
import { Nunjucks } from "nuages/template";
import { request } from "nuages/template/context_processors";
import * as urls from "./urls.ts";

const BASE_DIR = fileURLToPath(new URL("..", import.meta.url));

export const settings: Partial<Settings> = {
  // For development alone. In production give another one in the environment, and keep it secret.
  SECRET_KEY:
    process.env["SECRET_KEY"] ??
    ${key},

  // Never in production: the error pages show visitors the code and the settings.
  DEBUG: process.env["DEBUG"] !== "0",

  // The names of the site. While this is empty and DEBUG is on: localhost.
  ALLOWED_HOSTS: [],

  // Directories of apps, whose folders templates/ and static/ count: join(BASE_DIR, "blog").
  INSTALLED_APPS: [],

  // The outermost first.
  MIDDLEWARE: [
    SecurityMiddleware,
    SessionMiddleware,
    CommonMiddleware,
    CsrfViewMiddleware,
    AuthenticationMiddleware,
    MessageMiddleware,
    XFrameOptionsMiddleware,
  ],

  ROOT_URLCONF: urls,

  TEMPLATES: [
    {
      BACKEND: Nunjucks,
      DIRS: [join(BASE_DIR, "templates")],
      APP_DIRS: true,
      OPTIONS: { context_processors: [request, auth, messages] },
    },
  ],

  LANGUAGE_CODE: "en-us",
  TIME_ZONE: "UTC",
  USE_I18N: true,
  USE_TZ: true,

  STATIC_URL: "static/",

  // Mails are printed. For real ones: nuages/core/mail/backends/smtp.
  MAILERS: { default: { BACKEND: EmailBackend } },
};
`;
}

function package_json(name: string, version: string): string {
  const is_fit = /^[a-z0-9_]+$/.test(name.toLowerCase()); // other letters npm refuses
  const content = {
    name: is_fit ? name.toLowerCase() : "site",
    private: true,
    type: "module",
    scripts: {
      manage: "tsx manage.ts",
      dev: "tsx manage.ts runserver",
      start: `tsx ${name}/main.ts`,
      typecheck: "tsc",
    },
    dependencies: { nuages: `^${version}`, tsx: "^4.20.0" },
    devDependencies: { "@types/node": ">=20.19", typescript: ">=5.8" },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2023",
    "lib": ["ES2023"],
    "types": ["node"],
    "module": "nodenext",
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["**/*.ts"]
}
`;
