/** Closes a switch over a union: the compiler refuses a case that was forgotten. */
export function unreachable(value: never): never {
	throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
