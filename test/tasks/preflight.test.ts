import * as assert from 'uvu/assert';
import { type Check, type Finding, finding, type PreflightSpec } from '../../src/tasks/preflight/check.ts';
import { commands } from '../../src/tasks/preflight/checks/commands.ts';
import { deployTarget } from '../../src/tasks/preflight/checks/deploy-target.ts';
import { drift } from '../../src/tasks/preflight/checks/drift.ts';
import { frozen } from '../../src/tasks/preflight/checks/frozen.ts';
import { gem } from '../../src/tasks/preflight/checks/gem.ts';
import { gemfile } from '../../src/tasks/preflight/checks/gemfile.ts';
import { machine } from '../../src/tasks/preflight/checks/machine.ts';
import { origin } from '../../src/tasks/preflight/checks/origin.ts';
import { CHECKS } from '../../src/tasks/preflight/checks.ts';
import { BUILT } from '../record/sample.ts';
import { suite } from '../support/suite.ts';
import { FROZEN, GEM, MAIN, OTHER, SHIP } from './decisions.ts';

const HEROKU = { strategy: 'git_push_heroku', remote: 'heroku', branch: 'main', smokeUrl: null, app: null } as const;
const APP: PreflightSpec = {
	frozen: FROZEN,
	releaseBranch: 'release',
	mainBranch: 'main',
	gem: null,
	commands: [['bin/test']],
	deploy: HEROKU,
	pins: [{ gem: 'studio-engine', version: '0.2.0', registry: GEM.registry }],
};
const GEM_REPO: PreflightSpec = { ...APP, gem: GEM, deploy: null, commands: [], pins: [] };

/** `code: summary` of each finding; every one of them says what to do. */
function told<Seen>(check: Check<Seen>, seen: Seen, spec: PreflightSpec = APP): string[] {
	return check.judge(spec, seen).map(({ code, summary, hint, severity }: Finding) => {
		assert.ok(hint && severity === 'error', summary);
		return `${code}: ${summary}`;
	});
}

suite('preflight: drift and the frozen SHA', (test) => {
	test('the release branch at the frozen SHA, or at our own re-pin commit, is no drift', () => {
		assert.equal(told(drift, { tip: FROZEN, ours: null, shipped: false }), []);
		assert.equal(told(drift, { tip: SHIP, ours: SHIP, shipped: false }), []);
	});
	test('drift: anything else on it, another commit on top of ours, or no branch at all', () => {
		assert.match(
			told(drift, { tip: OTHER, ours: null, shipped: false })[0] ?? '',
			/^drift: origin\/release is at 00000000/,
		);
		assert.is(told(drift, { tip: OTHER, ours: SHIP, shipped: false }).length, 1);
		assert.equal(told(drift, { tip: null, ours: null, shipped: false }), ['drift: origin has no release']);
	});
	test('after the flip the release branch may go on', () => {
		assert.equal(told(drift, { tip: OTHER, ours: null, shipped: true }), []);
	});
	const seen = { onOrigin: true, main: MAIN, mainIsIn: true, shipped: false };
	test('main that is in the frozen SHA can fast-forward; main that holds it already need not', () => {
		assert.equal(told(frozen, seen), []);
		assert.equal(told(frozen, { ...seen, mainIsIn: false, shipped: true }), []);
	});
	test('drift: main with work that QA has not seen', () => {
		assert.match(told(frozen, { ...seen, mainIsIn: false })[0] ?? '', /^drift: main \(aaaaaaaa\) can't fast-forward/);
	});
	test('a frozen SHA that was force-pushed away, and an origin without main', () => {
		assert.match(told(frozen, { ...seen, onOrigin: false })[0] ?? '', /^preflight: origin has no commit f{40}$/);
		assert.equal(told(frozen, { ...seen, main: null }), ['preflight: origin has no main']);
	});
});

suite('preflight: places', (test) => {
	test('the checkout and the file must name the same origin, however it is spelt', () => {
		const url = 'https://git.example.test/harbor';
		for (const declared of [null, url, `${url}.git`, `${url}/`])
			assert.equal(told(origin, { origin: url, declared, refs: 2 }), []);
		assert.is(told(origin, { origin: url, declared: 'https://git.example.test/turf', refs: 2 }).length, 1);
	});
	test('an origin with neither branch is an obstacle, beside a wrong url', () => {
		assert.is(told(origin, { origin: 'a', declared: 'b', refs: 0 }).length, 2);
	});
	test('a deploy target is as its adapter finds it', () => {
		const missing = finding('preflight', 'the checkout has no remote named heroku', { hint: 'add it' });
		assert.equal(told(deployTarget, { findings: [missing] }), [`preflight: ${missing.summary}`]);
		assert.equal(deployTarget.facts?.({ findings: [], facts: { deployed: MAIN } }), { deployed: MAIN });
	});
	test('no production target is nothing to check', () => {
		assert.is(deployTarget.applies({ ...APP, deploy: { strategy: 'none' } }), false);
	});
});

suite('preflight: what is run', (test) => {
	test('missing or not executable at the frozen SHA, or not on PATH: each says what to do', () => {
		const seen = [
			{ program: 'bin/deploy', problem: 'missing' },
			{ program: 'bin/test', problem: 'not executable' },
			{ program: 'npm', problem: 'not on PATH' },
		] as const;
		assert.equal(told(commands, seen), [
			'preflight: bin/deploy is missing at the frozen SHA ffffffff',
			'preflight: bin/test is not executable at the frozen SHA ffffffff',
			'preflight: npm is not on PATH',
		]);
		assert.equal(told(commands, []), []);
	});
	test('a Gemfile that cannot be edited is refused before anything is published, with its line', () => {
		const lock = 'GEM\n  remote: https://gems.example.test/\n  specs:\n    studio-engine (0.1.0)\n';
		const seen = { gemfile: 'gem NAME\ngem "studio-engine", "#{V}"\n', lock, digests: {}, staying: [] };
		const findings = gemfile.judge(APP, seen);
		assert.ok(findings.length > 0 && findings.every((finding) => finding.code === 'repin-refused' && finding.at));
		assert.equal(told(gemfile, { gemfile: null, lock: null, digests: {}, staying: [] }), []);
	});
	test('a gem of the fleet that does not ride must come from a registry: a branch of it would ship unseen', () => {
		const seen = { lock: null, digests: {}, staying: ['studio-auth'] };
		const from = (line: string) => gemfile.judge(APP, { ...seen, gemfile: `${line}\n` });
		const [found] = from("gem 'studio-auth', github: 'studio/auth', branch: 'next'");
		assert.equal([found?.code, found?.at?.line], ['repin-refused', 1]);
		assert.equal(from("gem 'studio-auth', '~> 1.0'"), []);
		assert.equal(from("gem 'rack', github: 'rack/rack'"), []);
	});
	test('programs that are absent, too old, or as old as may be', () => {
		const free = 1024 ** 3;
		const tool = (found: string | null) => ({ tools: [{ name: 'git', found, wanted: '2.31' }], free });
		for (const found of ['2.31', '2.31.0', '2.39.5', '10.0']) assert.equal(told(machine, tool(found)), [], found);
		for (const found of ['2.30.9', '2.4', '1.99'])
			assert.equal(told(machine, tool(found)), [`preflight: git ${found} is older than 2.31`]);
		assert.equal(told(machine, tool(null)), ['preflight: git is not installed']);
	});
	test('a disk that is almost full', () => {
		assert.equal(told(machine, { tools: [], free: 10 * 1024 * 1024 }), [
			'preflight: only 10 MB are free where .slipway is',
		]);
	});
});

suite('preflight: a gem', (test) => {
	const observed = { built: BUILT, versionText: '0.2.0', liveVersions: [], live: null, tagAt: null };
	const seen = { gem: observed, frozenDigest: null, allowedPushHost: null, credential: 'file', isLive: false } as const;
	const gemTold = (over: Partial<Parameters<typeof gem.judge>[1]>) => told(gem, { ...seen, ...over }, GEM_REPO);
	test('a new version with a key can be published', () => {
		assert.equal(gemTold({}), []);
		assert.equal(gemTold({ allowedPushHost: `${GEM.registry}/` }), []);
	});
	test('a gem that builds another version than was frozen', () => {
		const built = { ...BUILT, version: '0.3.0' };
		assert.match(
			gemTold({ gem: { ...observed, built, versionText: '0.3.0' } })[0] ?? '',
			/frozen as 0\.2\.0 and builds 0\.3\.0/,
		);
	});
	test('a gemspec that forbids this registry, and no key: both are told', () => {
		const findings = gemTold({ allowedPushHost: 'https://elsewhere.test', credential: null });
		assert.is(findings.length, 2);
	});
	test('a version that is live needs neither key nor host', () => {
		assert.equal(gemTold({ isLive: true, allowedPushHost: 'https://elsewhere.test', credential: null }), []);
	});
});

suite('preflight: which checks apply', (test) => {
	test('every check has a name of its own', () => {
		const names = CHECKS.map((check) => check.name);
		assert.is(new Set(names).size, names.length);
	});
	test('before anything is frozen, what needs a frozen SHA is not asked', () => {
		const open = { ...APP, frozen: null };
		for (const check of [drift, frozen, commands, gemfile]) assert.is(check.applies(open), false, check.name);
		for (const check of [machine, origin]) assert.is(check.applies(open), true, check.name);
	});
	test('a gem is asked about its version, an app about its Gemfile', () => {
		assert.equal([gem.applies(GEM_REPO), gem.applies(APP)], [true, false]);
		assert.equal([gemfile.applies(GEM_REPO), gemfile.applies(APP)], [false, true]);
	});
});
