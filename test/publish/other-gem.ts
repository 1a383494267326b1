import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gemSources } from '../support/fleet/gem-repos.ts';
import { output } from '../support/process.ts';
import { FILE, GEM } from './stage.ts';

/** The bytes of a gem of the train's name and version with other content: what a colleague built from a branch of theirs. */
export async function otherGem(folder: string): Promise<Buffer> {
	for (const [path, text] of Object.entries(gemSources(GEM, '0.2.0'))) {
		mkdirSync(join(folder, path, '..'), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8' };
	await output(['gem', 'build', `${GEM}.gemspec`], { cwd: folder, env });
	return readFileSync(join(folder, FILE));
}
