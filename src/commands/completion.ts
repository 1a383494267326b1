import { SCRIPTS, type Shell } from './completion/scripts.ts';
import { print, type Session } from './session.ts';

/** `slipway completion SHELL`: the script that a shell sources. The command line has checked the name. */
export async function completion(session: Session, shell: string): Promise<number> {
	print(session, SCRIPTS[shell as Shell]);
	return 0;
}
