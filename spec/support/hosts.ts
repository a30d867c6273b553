/** Hosts that are none, whatever is allowed. @module */

export const MALFORMED_HOSTS: readonly string[] = [
  "evil.com@a.example",
  "a.example:80@evil.com",
  "a.example/evil",
  "a.example#",
  "a.example?x",
  "a.example\\evil",
  "a.example,evil.com",
  "a.example evil.com",
  "a.example:",
  "a.example:abc",
  "a.example:-1",
  "a.example:1:2",
  "a%2eexample",
  "a.example\0",
  "::1",
  "[::1",
  "_a.b.example",
  "",
];
