import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Deploy } from '../../src/config/types.ts';
import { decideHeroku } from '../../src/tasks/deploy/git-push-heroku/decide.ts';
import { deploy } from '../../src/tasks/deploy/kind.ts';
import { decideScript } from '../../src/tasks/deploy/repo-script/decide.ts';
import { suite } from '../support/suite.ts';
import { changeOf, explainsItself, FROZEN, OTHER, SHIP, verdict } from './decisions.ts';

const URL = 'https://harbor.example.test/up';
const UP = { url: URL, up: true, said: 'answers 200' };
const DOWN = { url: URL, up: false, said: 'answers 503' };

suite('deploy by git push', (test) => {
	const target = {
		strategy: 'git_push_heroku',
		remote: 'heroku',
		branch: 'main',
		smokeUrl: 'https://harbor.example.test',
		app: null,
	} as const;
	const seen = { url: 'https://platform.example.test/harbor.git', tip: OTHER, tipIsAncestor: true, answer: null };
	test('live is the branch at the ship SHA and an app that answers', () => {
		assert.is(verdict(decideHeroku(target, SHIP, { ...seen, tip: SHIP, answer: UP })), 'done');
	});
	test('a push that was accepted while its release failed is not live: it is waited for, and not pushed again', () => {
		const change = changeOf(decideHeroku(target, SHIP, { ...seen, tip: SHIP, answer: DOWN }));
		assert.is(change.type, 'wait');
	});
	test('without a smoke_url the branch is all there is to see', () => {
		const quiet = { ...target, smokeUrl: null };
		assert.is(verdict(decideHeroku(quiet, SHIP, { ...seen, tip: SHIP, answer: null })), 'done');
	});
	test('an older commit is pushed over, from where it was seen', () => {
		const { type, ref, from, sha } = changeOf(decideHeroku(target, SHIP, seen));
		assert.equal([type, ref, from, sha], ['push', 'refs/heads/main', OTHER, SHIP]);
	});
	test('the first deploy makes the branch', () => {
		assert.is(changeOf(decideHeroku(target, SHIP, { ...seen, tip: null, tipIsAncestor: false })).from, null);
	});
	test('another line of history that somebody deployed is never overwritten', () => {
		assert.is(verdict(decideHeroku(target, SHIP, { ...seen, tipIsAncestor: false })), 'blocked blocked');
	});
	test('a remote that the checkout has not is an obstacle', () => {
		assert.is(verdict(decideHeroku(target, SHIP, { ...seen, url: null })), 'blocked preflight');
	});
	test('never done unless the branch is the ship SHA and nobody says that the app is down', () => {
		const worlds = fc.record({
			url: fc.constantFrom(null, seen.url),
			tip: fc.constantFrom(null, SHIP, OTHER, FROZEN),
			tipIsAncestor: fc.boolean(),
			answer: fc.constantFrom(null, UP, DOWN),
		});
		fc.assert(
			fc.property(worlds, (world) => {
				const decision = decideHeroku(target, SHIP, world);
				explainsItself(decision);
				if (decision.type === 'done') assert.ok(world.url && world.tip === SHIP && world.answer !== DOWN);
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
		assert.is(verdict(decideScript(asked, SHIP, { live: SHIP, recorded: null })), 'done');
		assert.is(verdict(decideScript(asked, SHIP, { live: OTHER, recorded: SHIP })), 'todo');
		assert.is(verdict(decideScript(asked, SHIP, { live: null, recorded: SHIP })), 'todo');
	});
	test('revision_url asks as well', () => {
		const page = { ...target, revisionUrl: 'https://harbor.example.test/revision' };
		assert.is(verdict(decideScript(page, SHIP, { live: null, recorded: SHIP })), 'todo');
	});
	test('one that cannot be asked was deployed when the record says so of this very commit', () => {
		assert.is(verdict(decideScript(target, SHIP, { live: null, recorded: SHIP })), 'done');
		const { command, sha } = changeOf(decideScript(target, SHIP, { live: null, recorded: OTHER }));
		assert.equal([command, sha], [['bin/deploy', 'production'], SHIP]);
	});
});

suite('deploy: the kind', (test) => {
	const spec = (target: Deploy) => ({ frozen: FROZEN, target, purpose: 'ship' as const });
	test('no prod_deploy is a choice: done, and nothing dispatched', () => {
		const decision = deploy.decide(spec({ strategy: 'none' }), { sha: null, seen: null });
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
		assert.is(verdict(deploy.decide(spec(target), { sha: null, seen: null })), 'waits');
	});
	test('the change carries its target, so that a plan can be run from its JSON', () => {
		const target = {
			strategy: 'repo_script',
			command: 'bin/deploy',
			args: [],
			liveCmd: null,
			revisionUrl: null,
		} as const;
		const change = changeOf(deploy.decide(spec(target), { sha: SHIP, seen: { live: null, recorded: null } }));
		assert.equal(JSON.parse(JSON.stringify(change)), change);
		assert.equal(change.target, target);
	});
});
