import { Chalk } from 'chalk';
import type { Tone } from '../core/segment.ts';

/** How each tone looks: takes plain text, gives it styled, or unchanged when there is no colour. */
export type Palette = Readonly<Record<Tone, (text: string) => string>>;

/** What decides about colour; `env` and `isTTY` belong to the stream that is written to. */
export interface ColourChoice {
	readonly noColor: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly isTTY: boolean;
}

/**
 * The palette of one stream, made once a process: `--no-color`, then FORCE_COLOR, then a NO_COLOR
 * that is not empty, then whether the stream is a terminal (4-cli.md, "Output"). chalk's own guess is
 * not used: it ignores NO_COLOR on a terminal. Only the sixteen colours that a person's own theme
 * defines are used, so one level is enough.
 */
export function createPalette(choice: ColourChoice): Palette {
	const chalk = new Chalk({ level: hasColour(choice) ? 1 : 0 });
	return {
		plain: (text) => text,
		strong: (text) => chalk.bold(text),
		dim: (text) => chalk.dim(text),
		done: (text) => chalk.green(text),
		todo: (text) => chalk.blue(text),
		running: (text) => chalk.cyan(text),
		blocked: (text) => chalk.red(text),
		unknown: (text) => chalk.magenta(text),
		failed: (text) => chalk.bold.red(text),
		warn: (text) => chalk.yellow(text),
		code: (text) => chalk.cyan(text),
	};
}

function hasColour({ noColor, env, isTTY }: ColourChoice): boolean {
	if (noColor) return false;
	const forced = env.FORCE_COLOR;
	// As Node reads it: set and empty means yes.
	if (forced !== undefined) return forced !== '0' && forced !== 'false';
	if (env.NO_COLOR) return false;
	return isTTY && env.TERM !== 'dumb';
}
