import { Argument } from 'commander';
import * as assert from 'uvu/assert';
import { type Position, positionOf } from '../../src/commands/completion/position.ts';
import { buildProgram } from '../../src/commands/program.ts';
import { suite } from '../support/suite.ts';

const nothing = () => undefined;
const program = buildProgram({ version: '1', onCommand: async () => undefined, write: nothing, writeHelp: nothing });

/** A position in a few words: its type, whose, and what was typed. */
function told(position: Position): string {
	switch (position.type) {
		case 'command':
		case 'option':
			return `${position.type} of ${position.of.name()}, typed ${position.typed}`;
		case 'value': {
			const name = position.of instanceof Argument ? position.of.name() : position.of.long;
			return `value of ${name} after ${position.before}, typed ${position.typed}`;
		}
		case 'nothing':
			return `nothing, typed ${position.typed}`;
	}
}

const ROWS: readonly (readonly [words: readonly string[], told: string])[] = [
	[[], 'command of slipway, typed '],
	[[''], 'command of slipway, typed '],
	[['sh'], 'command of slipway, typed sh'],
	[['--quiet', 'sh'], 'command of slipway, typed sh'],
	[['-C', 'elsewhere', 'sh'], 'command of slipway, typed sh'],
	[['ship', '--d'], 'option of ship, typed --d'],
	[['ship', '--jobs', ''], 'value of --jobs after , typed '],
	[['-C', ''], 'value of --dir after , typed '],
	[['ship', '--dry-run', '--o'], 'option of ship, typed --o'],
	[['explain', 'publish:'], 'value of task after , typed publish:'],
	[['explain', '--json', 'gate'], 'value of task after , typed gate'],
	[['explain', '--', '-x'], 'value of task after , typed -x'],
	[['explain', 'gate:a', ''], 'nothing, typed '],
	[['prepare', '--only', 'a,b'], 'value of --only after a,, typed b'],
	[['prepare', '--only=a,b'], 'value of --only after --only=a,, typed b'],
	[['status', ''], 'nothing, typed '],
];

suite('completion: what stands at the cursor', (test) => {
	for (const [words, expected] of ROWS) {
		test(`${JSON.stringify(words)}: ${expected}`, () => assert.is(told(positionOf(program, words)), expected));
	}

	test('where the registry is, as far as it was typed', () => {
		const { globals } = positionOf(program, ['-C', 'here', 'explain', '--registry', 'file.yml', '']);
		assert.equal(globals, { dir: 'here', registry: 'file.yml' });
	});
});
