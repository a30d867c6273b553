/** Errors of multipart forms. @module */
import { Exception } from "../core/exceptions.ts";

/** A multipart form that cannot be parsed; answered with 400. */
export class MultiPartParserError extends Exception {}

/** Nothing more can be read from an input. */
export class InputStreamExhausted extends Exception {}
