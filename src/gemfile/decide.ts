import { clause, compareVersions, isPrerelease, pessimisticPin, satisfies } from './version.ts';

/** What becomes of one declaration's requirement. */
export type Decision =
	| { readonly type: 'keep' }
	| { readonly type: 'pin'; readonly pin: string }
	| { readonly type: 'refuse'; readonly reason: string; readonly hint: string };

/** A declaration, as the decision sees it. */
export interface Declared {
	readonly requirements: readonly string[];
	/** Whether its gem comes from a git, path or other source that the re-pin takes away. */
	readonly origin: 'registry' | 'source';
}

type Direction = 'admitted' | 'outgrown' | 'above' | 'excluded';

/**
 * The pin rule (2-train.md §6): what admits the version stays, what the version has outgrown is
 * rewritten, nothing is rewritten downward. A declaration that loses its source always gets a pin.
 */
export function decide(declared: Declared, version: string): Decision {
	const bad = declared.requirements.find((text) => !clause(text));
	if (bad !== undefined) {
		return refusal(
			`has the requirement "${bad}", which RubyGems does not accept`,
			'Write a requirement like "~> 0.9".',
		);
	}
	const list = declared.requirements.join(', ');
	const pin: Decision = { type: 'pin', pin: pessimisticPin(version) };
	switch (direction(declared.requirements, version)) {
		case 'excluded':
			return refusal(`excludes ${version} by name ("${list}")`, 'Publish another version, or drop the exclusion.');
		case 'above':
			if (declared.origin === 'registry') return { type: 'keep' };
			return refusal(
				`asks for "${list}", which is above ${version}, and would lose the source that provides it`,
				`Publish a version that "${list}" admits, or lower the requirement yourself.`,
			);
		case 'outgrown':
			return pin;
		case 'admitted':
			return declared.origin === 'source' || !isChosen(declared.requirements, version) ? pin : { type: 'keep' };
	}
}

function refusal(reason: string, hint: string): Decision {
	return { type: 'refuse', reason, hint };
}

function direction(requirements: readonly string[], version: string): Direction {
	const failing = requirements.filter((text) => !satisfies(version, [text])).map(clause);
	if (failing.some((each) => each && isAbove(each, version))) return 'above';
	if (failing.some((each) => each?.operator === '!=')) return 'excluded';
	return failing.length > 0 ? 'outgrown' : 'admitted';
}

/** Of a clause that does not admit the version: whether it asks for something newer. */
function isAbove(failing: { operator: string; version: string }, version: string): boolean {
	if (failing.operator === '>') return true;
	return failing.operator !== '!=' && compareVersions(version, failing.version) < 0;
}

/** A resolver takes a prerelease only where the requirement itself names one. */
function isChosen(requirements: readonly string[], version: string): boolean {
	if (!isPrerelease(version)) return true;
	return requirements.some((text) => isPrerelease(clause(text)?.version ?? '0'));
}
