import * as assert from 'uvu/assert';
import { type ColourChoice, createPalette } from '../../src/ui/colour.ts';
import { suite } from '../support/suite.ts';

const RED = '\x1b[31mx\x1b[39m';

function shown(choice: Partial<ColourChoice>): string {
	return createPalette({ noColor: false, env: {}, isTTY: false, ...choice }).blocked('x');
}

suite('createPalette', (test) => {
	const cases: readonly (readonly [rule: string, choice: Partial<ColourChoice>, hasColour: boolean])[] = [
		['a terminal has colour', { isTTY: true }, true],
		['a pipe has none', { isTTY: false }, false],
		['a dumb terminal has none', { isTTY: true, env: { TERM: 'dumb' } }, false],
		['NO_COLOR takes it from a terminal', { isTTY: true, env: { NO_COLOR: '1' } }, false],
		['an empty NO_COLOR says nothing', { isTTY: true, env: { NO_COLOR: '' } }, true],
		['FORCE_COLOR gives it to a pipe', { env: { FORCE_COLOR: '1' } }, true],
		['an empty FORCE_COLOR is a yes', { env: { FORCE_COLOR: '' } }, true],
		['FORCE_COLOR wins over NO_COLOR', { env: { FORCE_COLOR: '3', NO_COLOR: '1' } }, true],
		['FORCE_COLOR=0 takes it from a terminal', { isTTY: true, env: { FORCE_COLOR: '0' } }, false],
		['--no-color wins over everything', { isTTY: true, noColor: true, env: { FORCE_COLOR: '1' } }, false],
	];
	for (const [rule, choice, hasColour] of cases) {
		test(rule, () => assert.is(shown(choice), hasColour ? RED : 'x'));
	}
});
