import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Finished } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { originRef, treeDigest } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import { codesOf, type PlanDocument } from './documents.ts';
import { closedPort } from './port.ts';
import { openStage, type Stage } from './stage.ts';

/** A dry run, and what it did to the whole sandbox and to the gem server. */
interface Look {
	readonly ran: Finished;
	/** Folders of the sandbox that are no longer byte for byte what they were. */
	readonly changed: readonly string[];
	readonly methods: ReadonlySet<string>;
}

async function look(stage: Stage, args: readonly string[]): Promise<Look> {
	const asked = stage.server.requests().length;
	const before = digests(stage);
	const ran = await stage.run(['ship', '--dry-run', ...args]);
	const after = digests(stage);
	const changed = Object.keys({ ...before, ...after }).filter((folder) => before[folder] !== after[folder]);
	return {
		ran,
		changed,
		methods: new Set(
			stage.server
				.requests()
				.slice(asked)
				.map(({ method }) => method),
		),
	};
}

/** The copies that Slipway keeps of what origins hold, apart from all else that there is. */
const MIRRORS = '.slipway/repos';

/** A digest for each folder; the state of Slipway is taken apart, because it is a promise of its own. */
function digests({ fleet }: Stage): Record<string, string> {
	const { dir, conductor } = fleet.layout;
	const state = join(conductor, '.slipway');
	const inside = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
	return Object.fromEntries([
		...inside(dir)
			.filter((name) => name !== 'projects')
			.map((name) => [name, digestOf(join(dir, name))]),
		...fleet.repos.map((repo) => [repo, treeDigest(join(fleet.projectsDir, repo))]),
		...inside(state).map((name) => [`.slipway/${name}`, digestOf(join(state, name))]),
	]);
}

function digestOf(path: string): string {
	return lstatSync(path).isDirectory() ? treeDigest(path) : readFileSync(path, 'hex');
}

/** A second registry beside the real one, whose gem server does not listen. */
function registryOfDeadServer({ fleet, server }: Stage, port: number): string {
	const file = join(fleet.layout.conductor, 'dead.yml');
	writeFileSync(file, readFileSync(fleet.registryFile, 'utf8').replaceAll(server.url, `http://127.0.0.1:${port}`));
	return file;
}

/** What a dry run says before, during and after a train. */
async function lookAround() {
	const stage = await openStage();
	const { fleet } = stage;
	const unprepared = await look(stage, []);
	await stage.must(0, ['prepare', '--yes']);
	const port = await closedPort();
	const dead = registryOfDeadServer(stage, port);
	const ready = await look(stage, []);
	const json = await look(stage, ['--json']);
	const detailed = await look(stage, ['--detailed-exitcode']);
	const saved = join(fleet.dir, 'plan.json');
	const out = await stage.run(['ship', '--dry-run', '--out', saved]);
	const unreachable = await look(stage, ['--detailed-exitcode', '--json', '--registry', dead]);
	const sha = await originRef(fleet, 'lagoon', 'refs/heads/release');
	await pushCommit(fleet, { repo: 'lagoon', branch: 'release', files: { 'app/home.rb': 'puts "late"\n' } });
	const drifted = await look(stage, ['--detailed-exitcode']);
	await setRef(fleet, 'lagoon', { ref: 'refs/heads/release', sha });
	await stage.must(0, ['ship', '--yes']);
	const after = await look(stage, ['--detailed-exitcode', '--json']);
	await stage.stop();
	return { fleet, port, unprepared, ready, json, detailed, saved, out, unreachable, drifted, after };
}

const seen = await lookAround();
const plan = JSON.parse(seen.json.ran.stdout) as PlanDocument;

suite('ship --dry-run', (test) => {
	test('writes nothing anywhere: not to an origin, a checkout or .slipway, ready, unreadable or shipped', () => {
		for (const name of ['unprepared', 'ready', 'json', 'detailed', 'unreachable', 'after'] as const) {
			assert.equal(seen[name].changed, [], name);
		}
	});

	test('a commit that nobody here has seen is fetched to judge it, and that is all that is written', () => {
		assert.equal(seen.drifted.changed, [MIRRORS]);
	});

	test('asks the gem server by reads alone', () => {
		assert.equal(seen.ready.methods, new Set(['GET']));
	});

	test('prints the tree of the train by stages: what will be done, and why', () => {
		const { code, stdout } = seen.ready.ran;
		assert.is(code, 0);
		const stages = ['check', 'publish', 're-pin', 'gate', 'promote', 'hub', 'satellites', 'record'];
		const headings = stdout.split('\n').flatMap((line) => /^([a-z-]+) {2}\d+ /.exec(line)?.[1] ?? []);
		assert.equal(
			headings.filter((heading) => !heading.startsWith('rel-')),
			stages,
		);
		assert.match(
			stdout,
			`publish:studio-engine ◆  studio-engine 0.2.0 is not on ${seen.fleet.gemServerUrl} → push studio-engine-0.2.0.gem`,
		);
		assert.match(stdout, /repin:harbor +Gemfile:6 becomes gem "studio-engine", "~> 0\.2"/);
	});

	test('without a record it refuses, and says what makes one', () => {
		const { code, stdout, stderr } = seen.unprepared.ran;
		assert.is(code, 3);
		assert.is(stdout, '');
		assert.equal(codesOf({ stderr }), ['not-assembled']);
		assert.match(stderr, 'slipway prepare');
	});
});

suite('ship --dry-run --json', (test) => {
	test('prints one plan document, with the fields of the contract in every node', () => {
		assert.equal(Object.keys(plan).slice(0, 4), ['schema', 'train', 'nodes', 'observed']);
		assert.is(plan.schema, 'slipway.plan/1');
		assert.match(plan.train ?? '', /^rel-\d{8}-[0-9a-f]{6}$/);
		const fields = ['id', 'kind', 'repo', 'needs', 'state', 'reasons', 'change', 'irreversible'];
		for (const node of plan.nodes) assert.equal(Object.keys(node), fields, node.id);
		for (const { id, state, reasons } of plan.nodes) {
			assert.ok(['done', 'todo', 'blocked', 'unknown'].includes(state ?? ''), id);
			assert.ok((reasons ?? []).length > 0, `${id} gives no reason`);
		}
	});

	test('every need names a node, and comes before the node that has it', () => {
		const known = new Set<string>();
		for (const { id, needs } of plan.nodes) {
			for (const need of needs) assert.ok(known.has(need), `${id} needs ${need}`);
			known.add(id);
		}
	});

	test('publish, tag, promote and deploy can not be undone, and say so; nothing else does', () => {
		const kinds = (wanted: boolean) =>
			new Set(plan.nodes.filter(({ irreversible }) => irreversible === wanted).map(({ kind }) => kind));
		assert.equal(kinds(true), new Set(['publish', 'tag', 'promote', 'deploy']));
		assert.equal([...kinds(false)].sort(), [
			'barrier',
			'deploy',
			'gate',
			'notes',
			'preflight',
			'record',
			'repin',
			'smoke',
		]);
		const harmless = plan.nodes.filter(({ kind, irreversible }) => kind === 'deploy' && !irreversible);
		assert.equal(
			harmless.map(({ id }) => id),
			['deploy:quay'],
		);
	});

	test('a task that is to do says what it changes, unless an earlier one decides that', () => {
		const open = plan.nodes.filter(({ state, change }) => state === 'todo' && change === null).map(({ kind }) => kind);
		assert.equal([...new Set(open)].sort(), ['deploy', 'gate', 'promote']);
		for (const { id, state, change } of plan.nodes) if (state !== 'todo') assert.is(change, null, id);
		const publish = plan.nodes.find(({ id }) => id === 'publish:studio-ui');
		assert.is(publish?.change?.summary, 'push studio-ui-0.2.0.gem');
	});

	test('a world that can not be read is in the document too, as unknown with the words of the tool', () => {
		const { code, stdout, stderr } = seen.unreachable.ran;
		const { nodes } = JSON.parse(stdout) as PlanDocument;
		assert.is(code, 3);
		const unknown = nodes.filter(({ state }) => state === 'unknown').map(({ id }) => id);
		assert.ok(unknown.includes('publish:studio-engine') && unknown.includes('preflight:studio-ui'), unknown.join());
		assert.match(
			stderr,
			new RegExp(`^error\\[unknown\\]: studio-engine: could not read .*127\\.0\\.0\\.1:${seen.port}`, 'm'),
		);
		assert.match(stderr, /refused/i);
	});
});

suite('ship --dry-run --detailed-exitcode', (test) => {
	test('0 nothing to do, 5 changes pending, 3 blocked, 3 unknown', () => {
		const codes = [seen.after, seen.detailed, seen.drifted, seen.unreachable].map(({ ran }) => ran.code);
		assert.equal(codes, [0, 5, 3, 3]);
	});

	test('after the train every node is done', () => {
		const { nodes } = JSON.parse(seen.after.ran.stdout) as PlanDocument;
		assert.equal(
			nodes.filter(({ state }) => state !== 'done'),
			[],
		);
	});

	test('a branch that moved past what QA saw is told once, by name', () => {
		const { stderr } = seen.drifted.ran;
		assert.match(stderr, /error\[drift\]: lagoon: origin\/release is at [0-9a-f]{8}, and QA approved [0-9a-f]{8}/);
		assert.is(codesOf({ stderr }).filter((code) => code === 'drift').length, 1);
	});
});

suite('ship --dry-run --out', (test) => {
	test('saves the plan for its owner alone, and prints the tree as ever', () => {
		assert.is(seen.out.code, 0);
		assert.is(lstatSync(seen.saved).mode & 0o777, 0o600);
		assert.is(seen.out.stdout, seen.ready.ran.stdout);
		const saved = JSON.parse(readFileSync(seen.saved, 'utf8')) as PlanDocument;
		assert.is(saved.schema, plan.schema);
		assert.equal(saved.nodes, plan.nodes);
	});
});
