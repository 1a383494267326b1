import { isUtf8 } from 'node:buffer';
import type { Sha } from '../../core/brand.ts';
import { Unreadable } from '../../core/diagnostic.ts';
import type { Specs } from '../../graph/specs.ts';
import { outputOf } from '../../io/command.ts';
import type { Repository } from '../../io/repository.ts';
import { repoOf, type TaskContext } from '../contract.ts';
import { fetchListed } from '../listed.ts';
import { memberOf } from '../member.ts';
import { makeRepinCommit } from './commit.ts';
import { editFor, type ObservedConsumer, type RepinChange, summaryOf } from './decide.ts';

type Consumer = Pick<Specs['repin'], 'frozen' | 'releaseBranch' | 'pins'>;

/** Reads a consumer at its frozen SHA, and whether its re-pin was made already. */
export async function observeConsumer(spec: Consumer, context: TaskContext): Promise<ObservedConsumer> {
	const repository = context.world.repository(repoOf(context));
	const frozen = spec.frozen as Sha;
	const tip = (await repository.originRefs()).get(`refs/heads/${spec.releaseBranch}`) ?? null;
	const consumer = {
		...(await readBundle(repository, frozen)),
		digests: await servedDigests(spec, context),
	};
	return { ...consumer, tip, ours: await ownCommit(spec, { ...consumer, tip }, context) };
}

/** Gemfile and lock at a commit. A file that is not UTF-8 would come out of an edit damaged: Unreadable. */
export async function readBundle(
	repository: Repository,
	sha: Sha,
): Promise<Pick<ObservedConsumer, 'gemfile' | 'lock'>> {
	const read = async (path: string): Promise<string | null> => {
		const bytes = await repository.file(sha, path);
		if (bytes === null) return null;
		if (!isUtf8(bytes)) throw new Unreadable(`${path} of ${repository.name}`, 'it is not valid UTF-8');
		return bytes.toString('utf8');
	};
	return { gemfile: await read('Gemfile'), lock: await read('Gemfile.lock') };
}

/** The registry's own digests of the versions that are live already: what a lock with checksums must hold. */
async function servedDigests(spec: Consumer, context: TaskContext): Promise<Record<string, string>> {
	const digests: Record<string, string> = {};
	for (const pin of spec.pins) {
		const listed = await fetchListed(pin, context);
		const sha256 = listed.versions.find((entry) => entry.version === pin.version && entry.platform === 'ruby')?.sha256;
		if (sha256) digests[pin.gem] = sha256;
	}
	return digests;
}

/**
 * Whether the tip of the release branch is the commit that this re-pin makes. The record knows the
 * name of a commit that was made here; otherwise it is made again, and must come out byte for byte
 * the same (2-train.md §5): then a train that another machine began is resumed, not refused.
 */
async function ownCommit(
	spec: Consumer,
	observed: Omit<ObservedConsumer, 'ours'>,
	context: TaskContext,
): Promise<Sha | null> {
	const frozen = spec.frozen as Sha;
	const { tip } = observed;
	const recorded = memberOf(context)?.ship ?? null;
	// After the flip the release branch may go on; what was shipped stays what it was.
	if (recorded && context.world.record.current().state === 'shipped') return recorded;
	if (!tip || tip === frozen) return null;
	if (tip === recorded) return tip;
	if (!(await touchesOnlyTheBundle(frozen, tip, context))) return null;
	const edit = editFor(spec, observed);
	if (edit.type !== 'edit' || !(await areListed(edit.pins, context))) return null;
	const { gemfile, edits, pins } = edit;
	const change = { summary: summaryOf(pins, frozen), base: frozen, branch: spec.releaseBranch, gemfile, edits, pins };
	// Once: it takes seconds, and two of them in one workspace would spoil each other's.
	const made = await context.world.facts.remember(`re-pin of ${repoOf(context)} at ${frozen} for ${tip}`, () =>
		makeRepinCommit({ type: 'repin', ...change }, context),
	);
	return made === tip ? tip : null;
}

/** A re-pin comes after every publish: while one of its gems is not live, no commit can be it. */
async function areListed(pins: RepinChange['pins'], context: TaskContext): Promise<boolean> {
	const listed = await Promise.all(
		pins.map(async (pin) => {
			const { versions } = await fetchListed(pin, context);
			return versions.some(({ version }) => version === pin.version);
		}),
	);
	return listed.every(Boolean);
}

async function touchesOnlyTheBundle(frozen: Sha, tip: Sha, context: TaskContext): Promise<boolean> {
	const repository = context.world.repository(repoOf(context));
	const { parents } = await repository.parents(tip);
	if (parents.length !== 1 || parents[0] !== frozen) return false;
	const result = await repository.git(['diff-tree', '-r', '-z', '--name-only', '--no-commit-id', frozen, tip]);
	const touched = outputOf(result, `git diff-tree in ${repository.name}`).split('\0').filter(Boolean);
	return touched.length > 0 && touched.every((path) => path === 'Gemfile' || path === 'Gemfile.lock');
}
