/** A command, already split: the program and its arguments. Never a shell line. */
export type Argv = readonly [string, ...string[]];
