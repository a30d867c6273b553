/** The command line of a project, as the program `nuages` runs it (see docs/cli.md). @module */
export {
  BaseCommand,
  call_command,
  CommandError,
  CommandParser,
  execute_from_command_line,
  ManagementUtility,
  SystemCheckError,
} from "../core/management/index.ts";
