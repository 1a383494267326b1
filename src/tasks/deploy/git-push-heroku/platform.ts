import { createHeroku, type Heroku } from '../../../io/heroku.ts';
import type { TaskContext } from '../../contract.ts';
import type { TargetOf } from '../adapter.ts';
import type { SeenRelease } from './release.ts';

type Target = TargetOf<'git_push_heroku'>;

/** Null when the platform may not be asked, or has no release yet. */
export async function readRelease(target: Target, context: TaskContext): Promise<SeenRelease | null> {
	const platform = platformOf(target, context);
	const newest = platform && (await platform.heroku.newestRelease(platform.app));
	if (!platform || !newest) return null;
	const isGood = newest.status === 'succeeded';
	return { newest, before: isGood ? null : await platform.heroku.lastGoodRelease(platform.app, newest.version) };
}

/** The platform as far as it may be asked: with the name of the app and HEROKU_API_KEY. Null otherwise. */
function platformOf(target: Target, context: TaskContext): { heroku: Heroku; app: string } | null {
	const { env, fetchText } = context.world;
	if (target.app === null || !env.HEROKU_API_KEY) return null;
	const { timeouts, retries } = context.config.train;
	const limits = { timeoutMs: timeouts.probeMs, retries: retries.probe };
	const heroku = createHeroku({ fetchText, url: env.HEROKU_API_URL, key: env.HEROKU_API_KEY, limits });
	return { heroku, app: target.app };
}
