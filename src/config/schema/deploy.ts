import { z } from 'zod';
import { good } from '../fault.ts';
import { entryName, refName, workflowName } from '../names.ts';
import { scriptPath } from '../paths.ts';
import { isMapping } from '../tree.ts';
import { gitRemote, smokeUrl, webUrl } from '../urls.ts';
import { anyText, command, filledText, mapping, ruled, SCALAR, texts, together } from './fields.ts';
import { SMOKE_PAGE, smokeSchema } from './smoke.ts';

const SMOKE =
	'Address of the running app. After the deploy Slipway asks for `/up` below it until it answers 200. Without it nothing is smoked.';

/** A smoke of nothing would prove nothing. */
const needsSmokeUrl = together(({ smoke, smoke_url }: { smoke?: unknown; smoke_url?: unknown }) =>
	smoke === undefined || smoke_url !== undefined
		? null
		: {
				path: ['smoke'],
				summary: 'there is no `smoke_url` to ask',
				hint: 'add `smoke_url: https://…` beside it, or take `smoke` out',
			},
);

const none = mapping({
	strategy: z.literal('none').describe('Nothing to deploy, said aloud; the same as leaving the target out.'),
});

const gitPushHeroku = mapping({
	strategy: z.literal('git_push_heroku').describe('Push the ship SHA to a git remote that builds and releases it.'),
	remote: ruled(gitRemote)
		.prefault('heroku')
		.describe('A remote of the checkout, or the address of the repository to push to.'),
	branch: ruled(refName).prefault('main').describe('The branch of the remote that goes live.'),
	smoke_url: ruled(smokeUrl).optional().describe(SMOKE),
	smoke: smokeSchema.optional().describe(SMOKE_PAGE),
	app: filledText()
		.optional()
		.describe('Name of the app on the platform; with HEROKU_API_KEY its newest release is read as well.'),
}).check(needsSmokeUrl);

const repoScript = mapping({
	strategy: z
		.literal('repo_script')
		.describe("Run the repository's own script at the ship SHA; it smokes and rolls back itself."),
	command: ruled(scriptPath).describe('The script, in the tree and executable there, such as `bin/deploy`.'),
	args: z.array(anyText().meta(SCALAR)).prefault([]).describe('Its arguments.'),
	live_cmd: command().optional().describe('A command that prints the SHA that is live; it proves the deploy.'),
	revision_url: ruled(webUrl).optional().describe('An address that answers with the live SHA; it proves the deploy.'),
});

const githubActions = mapping({
	strategy: z
		.literal('github_actions')
		.describe(
			'Dispatch a workflow and follow our run of it to its end. The token is taken from GH_TOKEN or GITHUB_TOKEN.',
		),
	workflow: ruled(workflowName).describe('File name of the workflow in .github/workflows, such as `deploy.yml`.'),
	ref: ruled(refName).optional().describe('Branch or tag whose workflow file runs. Default: `train.main_branch`.'),
	inputs: texts(inputName)
		.prefault({})
		.describe(
			'Inputs of the workflow. `{sha}` in a value is the ship SHA, `{train}` the name of the release, `{dispatch}` a word that no other run has. An input named `sha` that the workflow declares gets the ship SHA by itself.',
		),
	smoke_url: ruled(smokeUrl).optional().describe(SMOKE),
	smoke: smokeSchema.optional().describe(SMOKE_PAGE),
}).check(needsSmokeUrl);

const kamal = mapping({
	strategy: z.literal('kamal').describe('Let Kamal build the ship SHA and boot it: `kamal deploy --version SHA`.'),
	command: command().prefault('kamal').describe('How Kamal is started, such as `bin/kamal` or `bundle exec kamal`.'),
	destination: ruled(entryName).optional().describe("Kamal's destination, such as `staging`; none when absent."),
	live_cmd: command()
		.optional()
		.describe('A command that prints the SHA that is live; otherwise `kamal app version` is asked, of every host.'),
	smoke_url: ruled(smokeUrl).optional().describe(SMOKE),
	smoke: smokeSchema.optional().describe(SMOKE_PAGE),
}).check(needsSmokeUrl);

/**
 * Where an app goes live (2-train.md §7). What is no mapping reads as a mapping without a strategy,
 * because that is what its author has to be told.
 */
export const deploySchema = z.preprocess(
	(value) => (isMapping(value) ? value : {}),
	z.discriminatedUnion('strategy', [none, gitPushHeroku, repoScript, githubActions, kamal]),
);

/** GitHub takes any name for an input. */
function inputName(text: string) {
	return good(text);
}
