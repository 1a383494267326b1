import { Listr, type ListrTask } from 'listr2';
import type { TaskId } from '../core/brand.ts';
import type { EventSink, RunEvent } from '../runner/events.ts';
import type { Palette } from './colour.ts';
import { frame } from './frame.ts';
import { createGates, type Gates } from './gates.ts';
import { advance, createLiveState, type LiveState } from './live-state.ts';
import { openScreen, type Screen } from './screen.ts';
import { renderLine } from './segments.ts';

/** Redrawing on every event cost most of a core at 300 tasks; ten frames a second look the same. */
const FRAME_MS = 100;

interface FrameRendererOptions {
	readonly state: LiveState;
	readonly stream: NodeJS.WriteStream;
	readonly palette: Palette;
	readonly now: () => number;
	/** Gives the renderer to the view, which alone knows when a person is asked something. */
	readonly mounted: (renderer: FrameRenderer) => void;
}

/** listr2's default renderer draws every task in turn and clips to the last ones; this one draws frames. */
class FrameRenderer {
	/** These two exist for listr2's types alone. */
	static rendererOptions: FrameRendererOptions;
	static rendererTaskOptions: never;
	/** listr2 asks whether stdout is a terminal; ours draws on stderr, and its caller has asked that. */
	static nonTTY = true;
	readonly #options: FrameRendererOptions;
	#screen: Screen | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(_tasks: unknown, options: FrameRendererOptions) {
		this.#options = options;
	}

	render(): void {
		this.#options.mounted(this);
		this.resume();
	}

	resume(): void {
		this.#screen = openScreen(this.#options.stream);
		this.#timer = setInterval(() => this.#draw(), FRAME_MS).unref();
		this.#draw();
	}

	/** Takes the last frame off the terminal, and gives that back. */
	pause(): void {
		clearInterval(this.#timer);
		this.#screen?.draw([]);
		this.#screen?.close();
		this.#screen = null;
	}

	end(): void {
		clearInterval(this.#timer);
		this.#draw();
		this.#screen?.close();
	}

	#draw(): void {
		const { state, palette, now } = this.#options;
		if (!this.#screen) return;
		const lines = frame(state, { ...this.#screen.size(), now: now() });
		this.#screen.draw(lines.map((line) => renderLine(line, palette)));
	}
}

/** What the live view needs: a stream that is a terminal, and a clock in milliseconds since the epoch. */
export interface LiveOptions {
	readonly stream: NodeJS.WriteStream;
	readonly palette: Palette;
	readonly now: () => number;
}

/** A view on a terminal: `close` ends it, also before the run is over, and gives the cursor back. */
export interface LiveView {
	readonly sink: EventSink;
	/** Shows that a signal was taken. */
	stopping(): void;
	/** Makes room for a question to the person there; what is returned goes on. */
	pause(): () => void;
	close(): Promise<void>;
}

/**
 * Shows one run on a terminal, drawn anew ten times a second at most (4-cli.md, "Output"). listr2 gets
 * one task for each of the run's, held at a gate that the runner's events open: it mirrors the
 * run and schedules nothing. Call `close` whatever happened; it leaves the last frame standing.
 */
export function liveView({ stream, palette, now }: LiveOptions): LiveView {
	const state = createLiveState();
	const gates = createGates();
	const over = Promise.withResolvers<void>();
	let mirror: Promise<unknown> = Promise.resolve();
	let renderer: FrameRenderer | null = null;
	const mounted = (made: FrameRenderer) => {
		renderer = made;
	};

	const begin = (event: Extract<RunEvent, { type: 'run.started' }>) => {
		const tasks = event.tasks.map(({ id }) => mirrorTask(id, gates));
		// The last task settles before the run says how it went: this one keeps the view up till then.
		mirror = new Listr([...tasks, { task: () => over.promise }], {
			concurrent: true,
			exitOnError: false,
			collectErrors: true,
			registerSignalListeners: false,
			renderer: FrameRenderer,
			rendererOptions: { state, stream, palette, now, mounted },
		}).run();
	};
	return {
		sink(event) {
			advance(state, event);
			if (event.type === 'run.started') begin(event);
			else if (event.type === 'task.started') gates.open(event.task);
			else if (event.type === 'task.finished') gates.settle(event.task, event);
			else if (event.type === 'run.finished') over.resolve();
		},
		stopping() {
			state.stopping = true;
		},
		pause() {
			renderer?.pause();
			return () => renderer?.resume();
		},
		async close() {
			gates.closeAll();
			over.resolve();
			await mirror;
		},
	};
}

/**
 * listr2 asks `enabled` twice: for all tasks before any runs, where it must answer at once, and
 * for each just before it runs, where a promise keeps the task waiting.
 */
function mirrorTask(id: TaskId, gates: Gates): ListrTask<unknown, typeof FrameRenderer> {
	const gate = gates.add(id);
	let isAskedAgain = false;
	return {
		title: id,
		enabled: () => {
			if (isAskedAgain) return gate.opened;
			isAskedAgain = true;
			return true;
		},
		task: async (_context, listrTask) => {
			const finish = await gate.settled;
			if (finish?.outcome === 'failed') throw new Error(finish.error?.summary ?? 'failed');
			if (finish?.outcome !== 'done') listrTask.skip(finish?.note ?? finish?.outcome ?? 'cut off');
		},
	};
}
