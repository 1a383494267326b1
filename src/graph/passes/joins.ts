import { taskId } from '../../core/brand.ts';
import type { Draft } from '../draft.ts';
import type { Fleet } from './fleet.ts';

/** Every check before the first publish; without gems, before the first re-pin (2-train.md §4). */
export function joinChecks(draft: Draft, fleet: Fleet): void {
	const checks = draft.ofKind('preflight');
	const publishes = draft.ofKind('publish');
	const first = publishes.length > 0 ? publishes : draft.ofKind('repin');
	if (checks.length === 0 || first.length === 0) return;
	const barrier = draft.barrier('checked');
	for (const check of checks) draft.edge(check, barrier, 'every finding at once, before anything changes');
	const reason = `nothing changes before all ${fleet.gems.length + fleet.apps.length} repositories are checked`;
	for (const task of first) draft.edge(barrier, task, reason);
}

/** Every gem is live before the first consumer locks it. */
export function joinPublishes(draft: Draft, fleet: Fleet): void {
	const publishes = draft.ofKind('publish');
	if (publishes.length === 0 || fleet.apps.length === 0) return;
	const barrier = draft.barrier('published');
	for (const publish of publishes) draft.edge(publish, barrier, 'consumers lock all gems of the train in one step');
	const used = usesByApp(fleet);
	for (const app of fleet.apps) {
		const uses = used.get(app.name);
		const reason = uses ? `${app.name} uses ${uses.join(', ')}` : 'a lock can only hold versions that are live';
		draft.edge(barrier, taskId('repin', app.name), reason);
	}
}

/** `repo → [gem (where it was read), …]`: the reality behind the join, for the reader of the graph. */
function usesByApp(fleet: Fleet): ReadonlyMap<string, readonly string[]> {
	const gems = new Set<string>(fleet.gems.map((gem) => gem.name));
	const uses = new Map<string, string[]>();
	for (const need of fleet.derived) {
		if (!gems.has(need.uses)) continue;
		const list = uses.get(need.repo) ?? [];
		uses.set(need.repo, list);
		list.push(`${need.uses} (${need.source})`);
	}
	return uses;
}

/**
 * Tests before main moves. `before_any_deploy` joins all gates in front of each app's promote, and
 * not of its deploy: while a gate can still turn red, no main has moved.
 */
export function joinGates(draft: Draft, fleet: Fleet): void {
	if (fleet.apps.length === 0) return;
	if (fleet.config.train.gates === 'per_app') {
		for (const { name } of fleet.apps) {
			draft.edge(taskId('gate', name), taskId('promote', name), 'main moves to a commit that passed its tests');
		}
		return;
	}
	const barrier = draft.barrier('gated');
	for (const { name } of fleet.apps) {
		draft.edge(taskId('gate', name), barrier, 'gates: before_any_deploy');
		draft.edge(barrier, taskId('promote', name), 'no main of an app moves while any gate can still be red');
	}
}

/** The record flips after everything, in one step, and only a shipped release is announced. */
export function closeTrain(draft: Draft, fleet: Fleet): void {
	const last = draft.sinks();
	const { slug } = fleet;
	const record = draft.add({ kind: 'record', repo: null, spec: { slug } });
	for (const task of last) draft.edge(task, record, 'the record flips last, after everything is proven');
	const notes = draft.add({ kind: 'notes', repo: null, spec: { slug, webhooks: fleet.config.train.notify } });
	draft.edge(record, notes, 'only a shipped release is announced');
}
