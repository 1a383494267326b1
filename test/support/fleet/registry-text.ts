import type { AppPlan } from './app-repos.ts';
import { GEMS, versionFile } from './gem-repos.ts';
import type { Layout } from './layout.ts';

export interface RegistrySettings {
	readonly layout: Layout;
	readonly gemServerUrl: string;
	/** Base of the smoke server; apps have no smoke_url when null. */
	readonly smokeUrl: string | null;
	/** Lines put under `train:`. */
	readonly train: readonly string[];
	/** Whole top-level sections, put at the end. */
	readonly more: string;
}

function pushTarget(remote: string, smokeUrl: string | null): string {
	const smoke = smokeUrl ? `, smoke_url: "${smokeUrl}"` : '';
	return `{strategy: git_push_heroku, remote: ${remote}, branch: main${smoke}}`;
}

function scriptTarget(args: string, liveCmd: string | null): string {
	const live = liveCmd ? `, live_cmd: "${liveCmd}"` : '';
	return `{strategy: repo_script, command: bin/deploy, args: [${args}]${live}}`;
}

function production(app: AppPlan, { layout, smokeUrl }: RegistrySettings): string | null {
	switch (app.production) {
		case 'push':
			return pushTarget('heroku', smokeUrl && `${smokeUrl}/production/${app.name}`);
		case 'script':
			return scriptTarget('production', null);
		case 'script-live':
			return scriptTarget('production', `'${layout.rig}/live' ${app.name}`);
		case 'none':
			return null;
	}
}

function qa(app: AppPlan, { smokeUrl }: RegistrySettings): string | null {
	switch (app.qa) {
		case 'push':
			return pushTarget('qa', smokeUrl && `${smokeUrl}/qa/${app.name}`);
		case 'script':
			return scriptTarget('qa', null);
		case 'none':
			return null;
	}
}

function appLines(app: AppPlan, settings: RegistrySettings): string[] {
	const targets = { qa_deploy: qa(app, settings), prod_deploy: production(app, settings) };
	return [
		`  ${app.name}:`,
		...(app.role === 'hub' ? ['    role: hub'] : []),
		'    test_cmd: bin/test',
		'    qa_test_cmd: bin/qa-test',
		...Object.entries(targets).flatMap(([key, target]) => (target ? [`    ${key}: ${target}`] : [])),
	];
}

/** release_repos.yml of a fleet: two gems, its apps, and one app that rides no train. */
export function registryText(apps: readonly AppPlan[], settings: RegistrySettings): string {
	const gemLines = GEMS.flatMap((gem) => [
		`  ${gem}:`,
		`    version_file: ${versionFile(gem)}`,
		'    release_check: bin/release-check',
	]);
	return [
		'train:',
		`  gem_registry: ${settings.gemServerUrl}`,
		...settings.train.map((line) => `  ${line}`),
		'',
		'gems:',
		...gemLines,
		'',
		'apps:',
		...apps.flatMap((app) => appLines(app, settings)),
		'  drydock:',
		'    ladder: legacy',
		'    test_cmd: bin/test',
		'',
		settings.more,
	].join('\n');
}
