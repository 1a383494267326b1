import { z } from 'zod';
import { envName, refName } from '../names.ts';
import { machinePath } from '../paths.ts';
import { baseUrl, redisUrl, webUrl } from '../urls.ts';
import { addFault, byRule, mapping, orEmpty, ruled, time, together, whole } from './fields.ts';

const STORES =
	'Where the record of a release lives. `file`: under `.slipway/` beside this file. `redis` is yet to come and refused.';

const store = () =>
	z.enum(['file', 'redis']).superRefine((value, context) => {
		if (value === 'file') return;
		const summary = 'the record store `redis` is not part of this version';
		addFault(context, { code: 'unsupported', summary, hint: 'write `record: file`, and ship from one machine' });
	});

const recordSchema = z.union([
	store().transform((name) => ({ store: name })),
	mapping({
		store: store().describe(STORES),
		url: ruled(redisUrl).optional().describe('Address of the Redis, for `store: redis`.'),
	}),
]);

const webhookSchema = mapping({
	type: z.enum(['slack', 'discord', 'json']).describe('The form of the message.'),
	url: ruled(webUrl).optional().describe('Address of the webhook. Prefer `url_env` for one that is a secret.'),
	url_env: z
		.string()
		.check(byRule(envName))
		.optional()
		.describe('Name of the environment variable that holds the address.'),
}).check(
	together(({ url, url_env }) =>
		(url === undefined) !== (url_env === undefined)
			? null
			: { path: [], summary: 'a webhook wants either `url` or `url_env`', hint: 'give exactly one of them' },
	),
);

const timeoutsSchema = mapping({
	probe: time().prefault('30s').describe('One read of the world: an HTTP request, an `ls-remote`.'),
	command: time().prefault('30m').describe('One command of yours: `test_cmd`, `release_check`, a task.'),
	deploy: time().prefault('1h').describe('One deploy.'),
	smoke: time().prefault('5m').describe('Waiting for an app to answer after its deploy.'),
	index: time().prefault('10m').describe("Waiting for the gem registry's index to show a pushed gem."),
});

const retriesSchema = mapping({
	probe: whole(0, 100).prefault(3).describe('Further attempts of a read of the world.'),
	lock: whole(0, 100).prefault(5).describe('Further attempts of `bundle lock` while a new version spreads.'),
});

export const trainSchema = mapping({
	projects_dir: ruled(machinePath)
		.optional()
		.describe(
			"Where your checkouts are. Default: the parent of this file's folder. Relative to this file's folder; `~` is your home. The environment variable PROJECTS_DIR wins.",
		),
	main_branch: ruled(refName).prefault('main').describe('The branch that production is made of.'),
	release_branch: ruled(refName).prefault('release').describe('The branch that QA approves.'),
	gem_registry: ruled(baseUrl)
		.prefault('https://rubygems.org')
		.describe('Where gems are published and re-pinned from.'),
	concurrency: whole(1, 256).prefault(4).describe('How many tasks run at once.'),
	gates: z
		.enum(['before_any_deploy', 'per_app'])
		.prefault('before_any_deploy')
		.describe(
			'`before_any_deploy`: every gate is green before anything moves. `per_app`: each app waits for its own gate only.',
		),
	record: recordSchema.prefault('file').describe(STORES),
	notify: z
		.array(webhookSchema)
		.prefault([])
		.describe('Webhooks that get the release notes. Their failure is a warning.'),
	timeouts: orEmpty(timeoutsSchema).prefault({}).describe('How long things may take: `500ms`, `30s`, `5m`, `2h`.'),
	retries: orEmpty(retriesSchema)
		.prefault({})
		.describe('How often reads are repeated; what changes the world never is.'),
}).check(
	together(({ main_branch, release_branch }) =>
		main_branch === release_branch
			? {
					path: ['release_branch'],
					summary: 'is the main branch as well',
					hint: 'a release needs a branch of its own',
				}
			: null,
	),
);

const bandSchema = mapping({
	url: ruled(redisUrl)
		.prefault('redis://127.0.0.1:6379')
		.describe('The Redis of this machine that the worktrees share.'),
	first_db: whole(1, 10_000).prefault(9).describe('The first database that a worktree may get.'),
	floor: whole(1, 10_000).prefault(20).describe('The band never has fewer databases than this.'),
	step: whole(1, 10_000).prefault(10).describe('How many databases the band grows or shrinks by.'),
	physical_target: whole(1, 20_000)
		.prefault(64)
		.describe('What `scale --provision` raises the `databases` of Redis to.'),
}).check(
	together(({ first_db, floor, physical_target }) => {
		const hint = `\`first_db\` and \`floor\` need at least ${first_db + floor} databases.`;
		const enough = physical_target >= first_db + floor;
		return enough ? null : { path: ['physical_target'], summary: 'is too small for the band', hint };
	}),
);

export const worktreesSchema = mapping({
	redis: orEmpty(bandSchema).prefault({}).describe('The elastic band of Redis databases.'),
});
