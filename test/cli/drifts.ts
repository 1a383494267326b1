import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { liveFile, originUrl } from '../support/fleet/layout.ts';
import { output } from '../support/process.ts';
import { pushCommit, setRef } from './colleague.ts';
import { shaAt } from './saved-plans.ts';
import type { Stage } from './stage.ts';

/** Something that moves after a plan was saved, and that can be moved back. */
export interface Drift {
	readonly name: string;
	/** What the refusal names, in any order. */
	readonly facts: readonly string[];
	move(stage: Stage): Promise<void> | void;
	undo(stage: Stage): Promise<void> | void;
}

/** A branch of an origin that goes somewhere, and comes back. */
function refDrift(input: {
	name: string;
	repo: string;
	branch: string;
	facts: readonly string[];
	to: (stage: Stage) => Promise<unknown>;
}): Drift {
	const { name, repo, branch, facts, to } = input;
	let before = '';
	return {
		name,
		facts,
		move: async (stage) => {
			before = await shaAt(stage, repo, branch);
			await to(stage);
		},
		undo: (stage) => setRef(stage.fleet, repo, { ref: `refs/heads/${branch}`, sha: before }),
	};
}

/** An edit of release_repos.yml, and the text of before. */
function fileDrift(name: string, facts: readonly string[], edit: readonly [from: string, to: string]): Drift {
	const [from, to] = edit;
	let before = '';
	return {
		name,
		facts,
		move: ({ fleet }) => {
			before = readFileSync(fleet.registryFile, 'utf8');
			assert.ok(before.includes(from), `release_repos.yml has no ${from}`);
			writeFileSync(fleet.registryFile, before.replace(from, to));
		},
		undo: ({ fleet }) => writeFileSync(fleet.registryFile, before),
	};
}

function platformOf({ fleet }: Stage, app: string): string {
	return join(fleet.layout.platform, 'production', `${app}.git`);
}

export const DRIFTS: readonly Drift[] = [
	refDrift({
		name: 'main of an app moved to a commit that QA saw',
		repo: 'harbor',
		branch: 'main',
		facts: ['preflight:harbor observed.main'],
		to: async (stage) =>
			setRef(stage.fleet, 'harbor', { ref: 'refs/heads/main', sha: await shaAt(stage, 'harbor', 'release~1') }),
	}),
	refDrift({
		name: 'main of an app moved to a commit that nobody saw',
		repo: 'turf',
		branch: 'main',
		facts: ['preflight:turf state'],
		to: ({ fleet }) => pushCommit(fleet, { repo: 'turf', branch: 'main', files: { 'hotfix.rb': 'puts 1\n' } }),
	}),
	refDrift({
		name: 'main of a gem moved',
		repo: 'studio-ui',
		branch: 'main',
		facts: ['preflight:studio-ui observed.main', 'promote:studio-ui change.from'],
		to: async (stage) =>
			setRef(stage.fleet, 'studio-ui', { ref: 'refs/heads/main', sha: await shaAt(stage, 'studio-ui', 'release~1') }),
	}),
	refDrift({
		name: 'a release branch moved on',
		repo: 'turf',
		branch: 'release',
		facts: ['preflight:turf state', 'repin:turf state'],
		to: ({ fleet }) => pushCommit(fleet, { repo: 'turf', branch: 'release', files: { 'app/late.rb': 'puts 1\n' } }),
	}),
	{
		name: 'somebody else set the tag',
		facts: ['tag:studio-engine state'],
		move: async (stage) =>
			setRef(stage.fleet, 'studio-engine', {
				ref: 'refs/tags/v0.2.0',
				sha: await shaAt(stage, 'studio-engine', 'release'),
			}),
		undo: ({ fleet }) => setRef(fleet, 'studio-engine', { ref: 'refs/tags/v0.2.0', sha: null }),
	},
	{
		name: 'somebody else deployed to the platform',
		facts: ['preflight:lagoon observed.deployed', 'smoke:lagoon state'],
		move: async (stage) => {
			const from = originUrl(stage.fleet.layout, 'lagoon');
			const fetch = ['fetch', '--quiet', from, 'refs/heads/release:refs/heads/main'];
			await output(['git', '-C', platformOf(stage, 'lagoon'), ...fetch], { env: stage.fleet.env });
		},
		undo: async (stage) => {
			// Without the hooks of the platform, which deploy whatever its main becomes.
			const git = ['git', '-C', platformOf(stage, 'lagoon'), '-c', 'core.hooksPath=/dev/null'];
			await output([...git, 'update-ref', '-d', 'refs/heads/main'], { env: stage.fleet.env });
			rmSync(liveFile(stage.fleet.layout, 'production', 'lagoon'));
		},
	},
	{
		name: 'an app came up',
		facts: ['smoke:harbor state'],
		move: ({ smoke }) => smoke.answer('harbor', 200),
		undo: ({ smoke }) => smoke.answer('harbor', null),
	},
	fileDrift(
		'release_repos.yml names another test',
		['gate:harbor spec.command.0', 'preflight:harbor spec.commands.0.0'],
		['    role: hub\n    test_cmd: bin/test', '    role: hub\n    test_cmd: bin/qa-test'],
	),
];
