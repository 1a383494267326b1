/**
 * `slipway/config`: read a release_repos.yml in a program of your own. Pure: hand in the text and the
 * environment, get a typed Config or every error with its place.
 */

export type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
export type { Where } from './build-context.ts';
export { configJsonSchema } from './json-schema.ts';
export { type ParsedConfig, parseConfig } from './parse.ts';
export type * from './types.ts';
