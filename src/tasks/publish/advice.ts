import type { PushReply } from './reply.ts';

/** The release that a push was about. */
export interface PushedRelease {
	readonly gem: string;
	readonly version: string;
	readonly registry: string;
	readonly file: string;
	readonly versionFile: string;
}

export interface Advice {
	readonly summary: string;
	readonly hint: string;
}

const AGAIN = 'run the same command again';

const ADVICE: Readonly<Record<PushReply, (release: PushedRelease) => Advice>> = {
	taken: ({ file }) => ({
		summary: `${file} was pushed, and the index that Bundler reads does not list it in time`,
		hint: `${AGAIN}: what the registry holds is not pushed a second time`,
	}),
	exists: ({ gem, version, registry }) => ({
		summary: `${registry} says that it has ${gem} ${version}, and the index that Bundler reads does not list it`,
		hint: `${AGAIN} when it does; a published version can't be replaced`,
	}),
	yanked: ({ gem, version, registry, versionFile }) => ({
		summary: `version yanked: bump ${versionFile} and re-run`,
		hint: `${registry} gives no number twice, and ${gem} ${version} was taken back there; prepare again after the bump`,
	}),
	unfinished: ({ registry, file, versionFile }) => ({
		summary: `${registry} began to take ${file} and did not finish`,
		hint: `${AGAIN} in a minute; if it stays so, ask who runs the registry, or bump ${versionFile} and prepare again`,
	}),
	'otp-missing': ({ registry }) => ({
		summary: `${registry} asks for a one-time password`,
		hint: `${AGAIN} on a terminal, where it is asked for, or with a fresh code in GEM_HOST_OTP_CODE; or use a key that needs none`,
	}),
	'otp-wrong': ({ registry }) => ({
		summary: `${registry} did not accept the one-time password`,
		hint: `a code is good for about half a minute: ${AGAIN} on a terminal, where it is asked for, or with a fresh one in GEM_HOST_OTP_CODE`,
	}),
	key: ({ registry }) => ({
		summary: `${registry} did not accept the key: it is missing, wrong or expired`,
		hint: `set GEM_HOST_API_KEY to a valid key, or run \`gem signin --host ${registry}\`; then ${AGAIN}`,
	}),
	scope: ({ registry }) => ({
		summary: `the key for ${registry} may not push gems`,
		hint: `give it the scope push_rubygem, or use another key; then ${AGAIN}`,
	}),
	forbidden: ({ gem, registry }) => ({
		summary: `the key for ${registry} may not push ${gem}`,
		hint: `an owner can allow it with \`gem owner ${gem} --add EMAIL\`; then ${AGAIN}`,
	}),
	'too-large': ({ registry, file }) => ({
		summary: `${file} is too large for ${registry}`,
		hint: 'look at what is in it with `gem spec FILE files`, or raise the limit of the server',
	}),
	busy: ({ registry }) => ({
		summary: `${registry} was busy for all the time that train.timeouts.index gives it`,
		hint: `${AGAIN} later`,
	}),
	unsent: ({ registry, file }) => ({
		summary: `${registry} could not be reached to push ${file}`,
		hint: `${AGAIN} when it answers`,
	}),
	lost: ({ registry, file }) => ({
		summary: `the push of ${file} to ${registry} broke off, and the gem is not there`,
		hint: `${AGAIN}: what the registry holds is not pushed a second time`,
	}),
	refused: ({ registry, file }) => ({
		summary: `${registry} did not take ${file}`,
		hint: `its own words are above; when their cause is gone, ${AGAIN}`,
	}),
};

/** What to tell about a push after which the gem is not live. Pure. */
export function adviceFor(reply: PushReply, release: PushedRelease): Advice {
	return ADVICE[reply](release);
}
