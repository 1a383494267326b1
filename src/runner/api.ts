/**
 * `slipway/runner`: the public, pure surface. The scheduler decides what may run when, the events
 * say what happened, and a journal's bytes are read back. Nothing here reads or changes the world.
 */

export type { EventSink, RunEvent, RunOutcome, TaskOutcome } from './events.ts';
export { type JournalEntry, type JournalReading, openIntents, parseJournal } from './journal-entries.ts';
export {
	createSchedule,
	type Schedule,
	type ScheduleCounts,
	type ScheduleNode,
	type ScheduleOptions,
	type Settled,
} from './schedule.ts';
