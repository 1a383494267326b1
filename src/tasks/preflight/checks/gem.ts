import type { Sha } from '../../../core/brand.ts';
import { findCredential } from '../../../io/gem-credentials.ts';
import { judgeGem, type ObservedGem } from '../../freeze/decide.ts';
import { observeGem } from '../../freeze/observe.ts';
import { memberOf } from '../../member.ts';
import { type Check, finding, type PreflightSpec } from '../check.ts';
import { missingKey } from './gem-server.ts';

interface Seen {
	readonly gem: ObservedGem;
	/** What the record says was built when it was frozen. */
	readonly frozenDigest: string | null;
	readonly allowedPushHost: string | null;
	readonly credential: 'environment' | 'file' | null;
	readonly isLive: boolean;
}

/** The gem builds what it declares, its version can be published, and there is a key to do it with. */
export const gem: Check<Seen> = {
	name: 'the gem builds at the frozen SHA, its version can be published, and there is a key for it',
	applies: (spec) => spec.gem !== null && spec.frozen !== null,
	read: async (spec, context) => {
		const gemSpec = gemOf(spec);
		const member = memberOf(context);
		const observed = await observeGem(gemSpec, { sha: spec.frozen as Sha, known: member?.gem ?? null }, context);
		const isLive = observed.live !== null;
		if (!isLive) await context.world.registry(gemSpec.registry).pushHostReachable();
		return {
			gem: observed,
			frozenDigest: member?.gem?.sha256 ?? null,
			allowedPushHost: observed.build.allowedPushHost,
			credential: await findCredential(gemSpec.registry, context.world.env),
			isLive,
		};
	},
	judge: (spec, seen) => {
		const wanted = gemOf(spec);
		const findings = [...judgeGem(wanted, seen.gem, spec.frozen as Sha)];
		if (wanted.version !== null && seen.gem.built.version !== wanted.version) {
			const summary = `${wanted.gem} was frozen as ${wanted.version} and builds ${seen.gem.built.version}`;
			findings.push(finding('version-mismatch', summary, { hint: 'run `slipway prepare` again' }));
		}
		if (seen.isLive) return findings;
		const host = seen.allowedPushHost;
		if (host && plain(host) !== plain(wanted.registry)) {
			const summary = `${wanted.gem} may only be pushed to ${host}, and this train pushes to ${wanted.registry}`;
			findings.push(
				finding('preflight', summary, {
					hint: 'metadata allowed_push_host in the gemspec and gem_registry must name the same server',
				}),
			);
		}
		if (!seen.credential) findings.push(missingKey(wanted));
		return findings;
	},
};

function gemOf(spec: PreflightSpec): NonNullable<PreflightSpec['gem']> {
	if (!spec.gem) throw new Error('the gem check of an app');
	return spec.gem;
}

function plain(url: string): string {
	return url.replace(/\/+$/, '');
}
