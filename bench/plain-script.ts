import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repin } from '../src/gemfile/repin.ts';
import type { Fleet } from '../test/support/fleet.ts';

/**
 * What a release engineer would type, one line after the other, in the checkouts: the commands that a
 * ship of this fleet runs, without a single check. Only the edited Gemfiles are made beforehand.
 */
export function plainScript(fleet: Fleet): string {
	const { next } = fleet.versions;
	const gems = fleet.gems.flatMap((gem) => [
		`cd ${quoted(join(fleet.projectsDir, gem))}`,
		'git fetch -q origin',
		'git checkout -q -B release origin/release',
		'bin/release-check',
		`gem build ${gem}.gemspec`,
		`gem push --host ${fleet.gemServerUrl} ${gem}-${next}.gem`,
		`git push -q origin HEAD:refs/tags/v${next}`,
		'git push -q origin HEAD:refs/heads/main',
	]);
	const apps = fleet.apps.flatMap((app) => [
		`cd ${quoted(join(fleet.projectsDir, app))}`,
		'git fetch -q origin',
		'git checkout -q -B release origin/release',
		heredoc('Gemfile', repinned(fleet, app)),
		`bundle lock --conservative --update ${fleet.gems.join(' ')}`,
		`git commit -q --allow-empty -m "Pin the gems" -- Gemfile Gemfile.lock`,
		'git push -q origin HEAD:refs/heads/release',
		'bin/test',
	]);
	const lives = fleet.apps.flatMap((app) => [
		`cd ${quoted(join(fleet.projectsDir, app))}`,
		'git push -q origin HEAD:refs/heads/main',
		'if git remote get-url heroku >/dev/null 2>&1; then git push -q heroku HEAD:refs/heads/main; fi',
		'if [ -x bin/deploy ]; then bin/deploy production; fi',
	]);
	return [...gems, ...apps, ...lives, ''].join('\n');
}

function repinned(fleet: Fleet, app: string): string {
	const gemfile = readFileSync(join(fleet.projectsDir, app, 'Gemfile'), 'utf8');
	return repin(gemfile, Object.fromEntries(fleet.gems.map((gem) => [gem, fleet.versions.next]))).text;
}

function heredoc(file: string, text: string): string {
	return `cat > ${file} <<'END_OF_FILE'\n${text}END_OF_FILE`;
}

function quoted(path: string): string {
	return `'${path.replaceAll("'", `'\\''`)}'`;
}
