import { z } from 'zod';
import { didYouMean } from '../../core/suggest.ts';
import { bad, good, type Rule } from '../fault.ts';
import { entryName, envName } from '../names.ts';
import { gemspecPath, machinePath, treePath, urlPath } from '../paths.ts';
import { baseUrl, gitUrl } from '../urls.ts';
import { deploySchema } from './deploy.ts';
import { command, commands, filledText, mapping, ruled, texts, together, whole } from './fields.ts';

const common = {
	path: ruled(machinePath)
		.optional()
		.describe(
			"Your checkout; only ever read. Default: `<projects_dir>/<name>`. Relative to this file's folder; `~` is your home.",
		),
	url: ruled(gitUrl).optional().describe("Where to clone from when there is no checkout; the clone is Slipway's own."),
	needs: z
		.array(ruled(entryName))
		.prefault([])
		.describe('Other repositories of this file that must be live first, on top of what gemspecs and lock files say.'),
	ladder: filledText()
		.optional()
		.describe(
			'`three-rung`, the default: feature, release, main. Anything else parks the repository: it rides no train.',
		),
};

export const gemSchema = mapping({
	version_file: ruled(treePath)
		.optional()
		.describe(
			'The file that holds the version, in the tree, such as `lib/NAME/version.rb`. Required unless the gem is parked.',
		),
	gemspec: ruled(gemspecPath)
		.optional()
		.describe("The gemspec, in the tree; its base name is the gem's name. Default: `<name>.gemspec`."),
	release_check: command().optional().describe('Must succeed at the frozen SHA before the gem is built.'),
	build_cmd: command().optional().describe('Builds the gem. Default: `gem build` of the gemspec.'),
	gem_registry: ruled(baseUrl).optional().describe('Where this gem is published. Default: `train.gem_registry`.'),
	...common,
});

const PLACEHOLDERS = ['app', 'slug', 'port', 'redis_db', 'redis_url', 'path', 'branch'];
const RESERVED = ['APP_SLUG', 'TASK_SLUG', 'PORT', 'APP_PORT', 'REDIS_URL', 'REDIS_NAMESPACE'];

/** A value with `{placeholders}`; a misspelt one would end up in the environment as it stands. */
const template: Rule<string> = (text) => {
	const unknown = [...text.matchAll(/\{([a-z_]+)\}/g)]
		.map((match) => match[1] ?? '')
		.find((word) => !PLACEHOLDERS.includes(word));
	if (unknown === undefined) return good(text);
	const known = PLACEHOLDERS.map((word) => `{${word}}`).join(' ');
	return bad(
		'bad-value',
		`unknown placeholder \`{${unknown}}\``,
		didYouMean(unknown, PLACEHOLDERS, `the placeholders are ${known}`),
	);
};

const ownEnvName: Rule<string> = (text) =>
	RESERVED.includes(text)
		? bad('bad-value', `\`${text}\` is set by Slipway in every worktree`, 'choose another name, or use a placeholder')
		: envName(text);

/** Above it are the ports that systems hand out by themselves (3-worktrees.md §8). */
const HIGHEST_PORT = 32_767;
const port = () => whole(1024, HIGHEST_PORT);

const portsSchema = mapping({
	primary: port().describe('Port of your own checkout; worktrees get the ports after it.'),
	last: port().describe('The last port a worktree may get.'),
	reserved: z.array(port()).prefault([]).describe('Ports between them that something else uses.'),
}).check(
	together(({ primary, last, reserved }) => {
		const hint = `the ports are ${primary} to ${last}`;
		const outside = reserved.findIndex((taken) => taken < primary || taken > last);
		if (last <= primary)
			return { path: ['last'], summary: 'leaves no port for a worktree', hint: 'it must be above `primary`' };
		return outside === -1
			? null
			: { path: ['reserved', outside], summary: `${reserved[outside]} is outside the range`, hint };
	}),
);

const worktreeSchema = mapping({
	ports: portsSchema.describe('The range of ports of this app.'),
	copy: z.array(ruled(treePath)).prefault([]).describe('Untracked files to copy from your checkout, such as `.env`.'),
	env: texts(ownEnvName, template)
		.prefault({})
		.describe(
			`Variables of the worktree's env file. Placeholders: ${PLACEHOLDERS.map((word) => `\`{${word}}\``).join(' ')}.`,
		),
	setup: commands().optional().describe('Commands run in a new worktree, in turn.'),
	start: command().optional().describe('Starts the app in its worktree.'),
	health: ruled(urlPath).optional().describe('Path that answers 200 when the started app is ready, such as `/up`.'),
});

export const appSchema = mapping({
	role: z
		.enum(['hub', 'satellite'])
		.prefault('satellite')
		.describe('The hub deploys before every other app. One at most.'),
	test_cmd: command()
		.optional()
		.describe('The gate before production, run at the very SHA that ships. Without it nothing gates the app.'),
	qa_test_cmd: command().optional().describe('The gate of `slipway prepare`, run at the frozen SHA.'),
	prod_deploy: deploySchema
		.optional()
		.describe('Where the app goes live. Left out: `main` advances, and the report says that nothing was dispatched.'),
	qa_deploy: deploySchema
		.optional()
		.describe('Where `slipway prepare` deploys for QA; the same strategies as `prod_deploy`.'),
	post_deploy_cmd: command().optional().describe('Runs once after the app is live and smoked.'),
	worktree: worktreeSchema.optional().describe('How `slipway worktree` makes isolated copies of this app.'),
	...common,
});
