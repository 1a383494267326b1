import { readableTime } from '../core/moment.ts';
import { ensureStateDir } from '../io/state-dir.ts';
import { breakTrainLock } from '../io/train-lock.ts';
import { loadConfig, print, printJson, type Session } from './session.ts';

/** `slipway unlock ID`: removes the lock of a dead train; refuses while its holder shows life. Gives the exit code. */
export async function unlock(session: Session, id: string): Promise<number> {
	const config = await loadConfig(session);
	const { owner } = await breakTrainLock(await ensureStateDir(config.dir), id);
	if (session.options.json) {
		const { holder = null, run = null, command = null, startedAt = null } = owner ?? {};
		printJson(session, { schema: 'slipway.unlock/1', id, holder, run, command, startedAt });
		return 0;
	}
	const whose = owner
		? ` of ${owner.holder} (\`${owner.command}\`, run ${owner.run}, since ${readableTime(owner.startedAt)})`
		: '';
	const next = owner ? `; \`slipway report ${owner.run}\` tells how far it came` : '';
	print(session, session.redact(`removed the lock ${id}${whose}${next}`));
	return 0;
}
