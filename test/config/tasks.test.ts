import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { brief, load, onlyError } from './support.ts';

const task = (more: string) =>
	`gems: { core: { version_file: v } }\napps: { shop: {} }\ntasks:\n  t: { ${more} }\n  u: { run: x }\n`;

const REFUSED: readonly (readonly [rule: string, text: string, brief: string])[] = [
	['run and shell together', task('run: a, shell: b'), 'bad-value 4:16 shell'],
	['neither run nor shell', task('group: g'), 'missing-key 4:3 t'],
	['a colon in a name', 'tasks: { "a:b": { run: x } }', 'bad-name 1:10 "a:b"'],
	['the name of a task of every train', 'tasks: { record: { run: x } }', 'task-conflict 1:10 record'],
	['an unknown task among the needs', task('run: a, needs: [uu]'), 'unknown-task 4:24 uu'],
	['a train task of an unknown repository', task('run: a, needs: ["smoke:shopp"]'), 'unknown-repo 4:24 "smoke:shopp"'],
	['a train task of an unknown kind', task('run: a, needs: ["smok:shop"]'), 'unknown-task 4:24 "smok:shop"'],
	[
		'a kind that this repository does not have',
		task('run: a, before: ["publish:shop"]'),
		'unknown-task 4:25 "publish:shop"',
	],
	['an own task in before', task('run: a, before: [u]'), 'bad-value 4:25 u'],
	['a task id with two colons', task('run: a, needs: ["a:b:c"]'), 'bad-name 4:24 "a:b:c"'],
	['an unknown repo to run in', task('run: a, repo: shopp'), 'unknown-repo 4:22 shopp'],
	['a cwd that climbs out', task('run: a, cwd: ../x'), 'path-escape 4:21 ../x'],
	['an output that climbs out', task('run: a, outputs: [../x]'), 'path-escape 4:26 ../x'],
	['a duration without a unit', task('run: a, timeout: 5'), 'bad-value 4:25 5'],
	['a duration of nothing', task('run: a, timeout: 0s'), 'bad-value 4:25 0s'],
	['a duration beyond a day', task('run: a, timeout: 25h'), 'bad-value 4:25 25h'],
	['a number of retries in words', task('run: a, retries: two'), 'wrong-type 4:25 two'],
	['a negative number of retries', task('run: a, retries: -1'), 'bad-value 4:25 -1'],
	['a truth value that YAML 1.2 does not have', task('run: a, irreversible: yes'), 'wrong-type 4:30 yes'],
	['an environment variable that no shell could name', task('run: a, env: { A-B: 1 }'), 'bad-name 4:23 A-B'],
	['a command of the list with an open quote', task(`run: [a, 'b "c']`), `bad-command 4:17 'b "c'`],
	['an empty list of commands', task('run: []'), 'bad-value 4:13 []'],
];

suite('config: tasks of the user', (test) => {
	for (const [rule, text, expected] of REFUSED) {
		test(`${rule} is an error`, () => {
			assert.is(brief(onlyError(text)), expected);
		});
	}

	test('every key of a task is read', () => {
		const [t] = load(
			task(`
    description: d, run: [npm run "b c", [tar, "x y"]], inputs: [src/**, ./a], outputs: [dist/**],
    env: { PORT: 3000, DEBUG: true }, needs: [u, "smoke:shop", "publish:core", record], before: [notes, "deploy:shop"],
    cwd: ., repo: shop, done_when: test -s out, timeout: 500ms, retries: 2, irreversible: true, group: g`),
		).tasks;
		if (!t) throw new Error('no task');
		const { at, ...rest } = t;
		assert.equal([at.line, at.col, at.excerpt], [4, 3, '  t: { ']);
		assert.equal(
			{ ...rest, env: { ...rest.env } },
			{
				name: 't',
				description: 'd',
				action: {
					type: 'run',
					commands: [
						['npm', 'run', 'b c'],
						['tar', 'x y'],
					],
				},
				inputs: ['src/**', 'a'],
				outputs: ['dist/**'],
				env: { PORT: '3000', DEBUG: 'true' },
				needs: ['u', 'smoke:shop', 'publish:core', 'record'],
				before: ['notes', 'deploy:shop'],
				cwd: '.',
				repo: 'shop',
				doneWhen: ['test', '-s', 'out'],
				timeoutMs: 500,
				retries: 2,
				irreversible: true,
				group: 'g',
			},
		);
	});

	test('a shell script is kept as it is written', () => {
		const [t] = load('tasks:\n  t:\n    shell: |\n      a | b\n      c "$D"\n').tasks;
		assert.equal(t?.action, { type: 'shell', script: 'a | b\nc "$D"\n' });
	});

	test('durations: 500ms, 30s, 5m, 2h', () => {
		const ms = (text: string) => load(task(`run: a, timeout: ${text}`)).tasks[0]?.timeoutMs;
		assert.equal(['500ms', '30s', '5m', '2h'].map(ms), [500, 30_000, 300_000, 7_200_000]);
	});

	test('task-conflict: one output of two tasks, however it is written, names the other task', () => {
		const error = onlyError(
			'tasks:\n  a: { run: x, cwd: site, outputs: [dist/a] }\n  b: { run: x, outputs: [./site//dist/a] }\n',
		);
		assert.is(brief(error), 'task-conflict 3:26 ./site//dist/a');
		assert.match(error.summary, '`a` on line 2');
	});

	test('one output in two repositories is no conflict', () => {
		load(
			'apps: { a: {}, b: {} }\ntasks: { x: { run: y, repo: a, outputs: [o] }, z: { run: y, repo: b, outputs: [o] } }',
		);
	});

	test('cycle: tasks that need each other, with lines', () => {
		const error = onlyError('tasks:\n  a: { run: x, needs: [b] }\n  b: { run: x, needs: [a] }\n');
		assert.match(error.summary, 'a → b (needs, line 2), b → a (needs, line 3)');
	});
});
