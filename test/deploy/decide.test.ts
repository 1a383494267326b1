import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Deploy } from '../../src/config/types.ts';
import type { Sha } from '../../src/core/brand.ts';
import type { Deployment, TargetOf } from '../../src/tasks/deploy/adapter.ts';
import { adapterOf } from '../../src/tasks/deploy/adapters.ts';
import { decideHeroku, judgeRemote } from '../../src/tasks/deploy/git-push-heroku/decide.ts';
import { decideKamal, kamalArgv } from '../../src/tasks/deploy/kamal/decide.ts';
import { parseHosts } from '../../src/tasks/deploy/kamal/hosts.ts';
import { deploy } from '../../src/tasks/deploy/kind.ts';
import { decideScript } from '../../src/tasks/deploy/repo-script/decide.ts';
import { suite } from '../support/suite.ts';
import { changeOf, explainsItself, FROZEN, MAIN, OTHER, SHIP, verdict } from '../tasks/decisions.ts';

const URL = 'https://harbor.example.test/up';
const UP = { url: URL, up: true, said: 'answers 200' };
const DOWN = { url: URL, up: false, said: 'answers 503' };

/** What goes live by a target in these tables. */
function at<Target extends Deploy>(target: Target, sha: Sha = SHIP): Deployment<Target> {
	return { target, sha, purpose: 'ship' };
}

suite('deploy by git push', (test) => {
	const target = {
		strategy: 'git_push_heroku',
		remote: 'heroku',
		branch: 'main',
		smokeUrl: 'https://harbor.example.test',
		app: null,
	} as const;
	const seen = {
		url: 'https://platform.example.test/harbor.git',
		tip: OTHER,
		tipIsAncestor: true,
		release: null,
		answer: null,
	};
	test('live is the branch at the ship SHA and an app that answers', () => {
		assert.is(verdict(decideHeroku(at(target), { ...seen, tip: SHIP, answer: UP })), 'done');
	});
	test('a push that was accepted while its release failed is not live: it is waited for, and not pushed again', () => {
		const change = changeOf(decideHeroku(at(target), { ...seen, tip: SHIP, answer: DOWN }));
		assert.is(change.type, 'wait');
	});
	test('without a smoke_url the branch is all there is to see', () => {
		const quiet = { ...target, smokeUrl: null };
		assert.is(verdict(decideHeroku(at(quiet), { ...seen, tip: SHIP, answer: null })), 'done');
	});
	test('an older commit is pushed over, from where it was seen', () => {
		const { type, ref, from, sha } = changeOf(decideHeroku(at(target), seen));
		assert.equal([type, ref, from, sha], ['push', 'refs/heads/main', OTHER, SHIP]);
	});
	test('the first deploy makes the branch', () => {
		assert.is(changeOf(decideHeroku(at(target), { ...seen, tip: null, tipIsAncestor: false })).from, null);
	});
	test('another line of history that somebody deployed is never overwritten', () => {
		assert.is(verdict(decideHeroku(at(target), { ...seen, tipIsAncestor: false })), 'blocked preflight');
	});
	test('a remote that the checkout has not is an obstacle', () => {
		assert.is(verdict(decideHeroku(at(target), { ...seen, url: null })), 'blocked preflight');
	});
	const release = (status = 'succeeded', commit: Sha | null = SHIP) => ({
		newest: { version: 42, status, description: 'Deploy 55555555', commit },
		before: { version: 41, status: 'succeeded', description: 'Deploy 00000000', commit: OTHER },
	});
	const named = { ...target, app: 'harbor-production' };
	const taken = { ...seen, tip: SHIP };
	test('a release that failed is not live, and no push would help: it says which, what runs, and how to go back', () => {
		const decision = decideHeroku(at(named), { ...taken, release: release('failed') });
		assert.is(verdict(decision), 'blocked deploy-failed');
		const [told] = decision.type === 'blocked' ? decision.findings : [];
		assert.match(told?.summary ?? '', 'release v42 of harbor-production (55555555) failed');
		assert.match(told?.seen ?? '', `v41 still runs: ${OTHER}`);
		assert.match(told?.hint ?? '', 'heroku rollback v41 --app harbor-production');
	});
	test('a release that is pending is waited for', () => {
		assert.is(changeOf(decideHeroku(at(named), { ...taken, release: release('pending'), answer: UP })).type, 'wait');
	});
	test('a release of another commit runs, whatever the branch holds: somebody went back', () => {
		const decision = decideHeroku(at(named), { ...taken, release: release('succeeded', OTHER), answer: UP });
		assert.is(verdict(decision), 'blocked blocked');
	});
	test('a later release that failed leaves ours running', () => {
		const ours = { version: 43, status: 'succeeded', description: 'Deploy 55555555', commit: SHIP };
		for (const commit of [SHIP, OTHER, null]) {
			const newest = { version: 44, status: 'failed', description: 'Set FOO config vars', commit };
			const seenRelease = { newest, before: ours };
			assert.is(verdict(decideHeroku(at(named), { ...taken, release: seenRelease, answer: UP })), 'done');
		}
	});
	test('a platform that does not tell the commit is believed about the release', () => {
		assert.is(verdict(decideHeroku(at(named), { ...taken, release: release('succeeded', null) })), 'done');
		assert.is(
			verdict(decideHeroku(at(named), { ...taken, release: release('failed', null) })),
			'blocked deploy-failed',
		);
	});
	test('preflight: a remote that is there, and runs what the ship SHA contains', () => {
		const at = { url: 'u', tip: MAIN, ships: SHIP };
		assert.equal(judgeRemote(target, { ...at, contained: true }), []);
		assert.match(
			judgeRemote(target, { ...at, contained: false })[0]?.summary ?? '',
			/heroku runs aaaaaaaa, which 55555555 does not contain/,
		);
		const told = judgeRemote(target, { ...at, url: null, contained: true });
		assert.equal(
			told.map(({ summary }) => summary),
			['the checkout has no remote named heroku'],
		);
	});
	test('never done unless the branch is the ship SHA and nobody says that the app is down', () => {
		const worlds = fc.record({
			url: fc.constantFrom(null, seen.url),
			tip: fc.constantFrom(null, SHIP, OTHER, FROZEN),
			tipIsAncestor: fc.boolean(),
			release: fc.constantFrom(null, release(), release('failed'), release('pending'), release('succeeded', OTHER)),
			answer: fc.constantFrom(null, UP, DOWN),
		});
		fc.assert(
			fc.property(worlds, (world) => {
				const decision = decideHeroku(at(target), world);
				explainsItself(decision);
				if (decision.type === 'done') {
					assert.ok(world.url && world.tip === SHIP && world.answer !== DOWN);
					assert.ok(!world.release || world.release.newest.commit === SHIP);
					assert.ok(!world.release || world.release.newest.status === 'succeeded');
				}
				if (decision.type !== 'todo' || decision.change.type !== 'push') return;
				assert.is(decision.change.from, world.tip);
				assert.ok(world.tip === null || world.tipIsAncestor);
			}),
		);
	});
});

suite('deploy by a script of the repository', (test) => {
	const target = {
		strategy: 'repo_script',
		command: 'bin/deploy',
		args: ['production'],
		liveCmd: null,
		revisionUrl: null,
	} as const;
	const asked = { ...target, liveCmd: ['bin/live'] } as const;
	test('an app that can be asked is believed, and the record is not', () => {
		assert.is(verdict(decideScript(at(asked), { live: SHIP, recorded: null })), 'done');
		assert.is(verdict(decideScript(at(asked), { live: OTHER, recorded: SHIP })), 'todo');
		assert.is(verdict(decideScript(at(asked), { live: null, recorded: SHIP })), 'todo');
	});
	test('revision_url asks as well', () => {
		const page = { ...target, revisionUrl: 'https://harbor.example.test/revision' };
		assert.is(verdict(decideScript(at(page), { live: null, recorded: SHIP })), 'todo');
	});
	test('one that cannot be asked was deployed when the record says so of this very commit', () => {
		assert.is(verdict(decideScript(at(target), { live: null, recorded: SHIP })), 'done');
		const { command, sha } = changeOf(decideScript(at(target), { live: null, recorded: OTHER }));
		assert.equal([command, sha], [['bin/deploy', 'production'], SHIP]);
	});
});

suite('deploy: the kind', (test) => {
	const spec = (target: Deploy) => ({ frozen: FROZEN, target, purpose: 'ship' as const });
	test('no prod_deploy is a choice: done, and nothing dispatched', () => {
		const decision = deploy.decide(spec({ strategy: 'none' }), { deployment: null, seen: null });
		assert.equal(decision.type === 'done' && decision.reasons, ['no production target, nothing dispatched']);
	});
	test('before the re-pin its commit is not known: it waits', () => {
		const target = {
			strategy: 'repo_script',
			command: 'bin/deploy',
			args: [],
			liveCmd: null,
			revisionUrl: null,
		} as const;
		assert.is(verdict(deploy.decide(spec(target), { deployment: null, seen: null })), 'waits');
	});
	test('the change carries its target, so that a plan can be run from its JSON', () => {
		const target = {
			strategy: 'repo_script',
			command: 'bin/deploy',
			args: [],
			liveCmd: null,
			revisionUrl: null,
		} as const;
		const change = changeOf(
			deploy.decide(spec(target), { deployment: at(target), seen: { live: null, recorded: null } }),
		);
		assert.equal(JSON.parse(JSON.stringify(change)), change);
		assert.equal(change.deployment, at(target));
	});
});

suite('deploy by Kamal', (test) => {
	const target: TargetOf<'kamal'> = {
		strategy: 'kamal',
		command: ['bundle', 'exec', 'kamal'],
		destination: 'staging',
		liveCmd: null,
		smokeUrl: null,
	};
	const on = (host: string, version: string | null) => ({ host, version });
	test('live is a version that every host runs', () => {
		assert.is(verdict(decideKamal(at(target), [on('one', SHIP), on('two', SHIP)])), 'done');
		for (const hosts of [[], [on('one', SHIP), on('two', OTHER)], [on('one', SHIP), on('two', null)]]) {
			const { command } = changeOf(decideKamal(at(target), hosts));
			assert.equal(command, ['bundle', 'exec', 'kamal', 'deploy', '--version', SHIP, '--destination', 'staging']);
		}
	});
	test('what ran before is kept for who has to go back', () => {
		assert.is(changeOf(decideKamal(at(target), [on('one', null), on('two', OTHER)])).from, OTHER);
		assert.is(changeOf(decideKamal(at(target), [])).from, null);
	});
	test('without a destination none is named', () => {
		assert.equal(kamalArgv({ ...target, destination: null }, 'app', 'version'), [
			...['bundle', 'exec', 'kamal', 'app', 'version'],
		]);
	});
	test('`kamal app version` is read host by host, whatever its log says in between', () => {
		const log = '  INFO [1a2b3c4d] Running docker ps on 192.0.2.1\n';
		const text = `${log}App Host: 192.0.2.1\n${SHIP}\n\n${log}App Host: 192.0.2.2\n\n\nApp Host: web.example.test\r\n${OTHER}\r\n`;
		assert.equal(parseHosts(text), [on('192.0.2.1', SHIP), on('192.0.2.2', null), on('web.example.test', OTHER)]);
		assert.equal(parseHosts(''), []);
	});
});

suite('deploy: what the repository runs', (test) => {
	test('preflight looks for the script, and for the command that says what is live', () => {
		const target: Deploy = {
			strategy: 'repo_script',
			command: 'bin/deploy',
			args: ['production'],
			liveCmd: ['bin/live'],
			revisionUrl: null,
		};
		assert.equal(adapterOf('repo_script')?.commands?.(target), [['bin/deploy', 'production'], ['bin/live']]);
	});
	test('nothing is deployed by `none`', () => {
		assert.is(adapterOf('none'), null);
	});
});
