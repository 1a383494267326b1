/** What can be written to JSON and read back equal. Specs, changes and evidence are made of it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
