/**
 * `slipway/gemfile`: re-pinning Gemfiles, reading their locks, and RubyGems' version order. Pure:
 * text in, text or facts out.
 */
export { declaredGems } from './declared.ts';
export {
	type LockedGem,
	type Lockfile,
	type LockHolds,
	type LockPin,
	type LockSource,
	lockHolds,
	parseLock,
} from './lock.ts';
export { repin } from './repin.ts';
export type { DeclaredGem, Place, RepinChange, RepinRefusal, RepinResult } from './types.ts';
export { compareVersions, isPrerelease, isValid, newestVersion, pessimisticPin, satisfies } from './version.ts';
