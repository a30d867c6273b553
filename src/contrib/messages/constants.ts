/** The levels of messages and their names (Django docs: The messages framework). @module */

/** For developers; not recorded unless `MESSAGE_LEVEL` says so. */
export const DEBUG = 10;
/** For the user to know. */
export const INFO = 20;
/** Something worked. */
export const SUCCESS = 25;
/** Something may go wrong soon. */
export const WARNING = 30;
/** Something did not work. */
export const ERROR = 40;

/** The tags of the levels, for use as CSS classes. */
export const DEFAULT_TAGS: Readonly<Record<number, string>> = {
  [DEBUG]: "debug",
  [INFO]: "info",
  [SUCCESS]: "success",
  [WARNING]: "warning",
  [ERROR]: "error",
};

/** The levels by name. */
export const DEFAULT_LEVELS: Readonly<Record<string, number>> = {
  DEBUG,
  INFO,
  SUCCESS,
  WARNING,
  ERROR,
};
