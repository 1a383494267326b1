import { suite as uvuSuite } from 'uvu';

type TestBody = () => void | Promise<void>;
interface TestOptions {
	/** Upper bound for this one test; uvu itself has none. */
	readonly timeoutMs?: number;
}
type Declare = (name: string, body: TestBody, options?: TestOptions) => void;

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * The only way to declare tests. uvu exits 0 on a forgotten `.run()`, on a throwing `before`, and
 * waits for ever on a promise that never settles; here the suite runs itself, refuses to be empty,
 * and bounds each test. test/support/run.ts reads the totals and refuses a file that ran none.
 */
export function suite(name: string, define: (test: Declare) => void): void {
	const inner = uvuSuite(name);
	let declared = 0;
	const names = new Set<string>();
	define((title, body, options = {}) => {
		if (names.has(title)) throw new Error(`${name}: two tests are named "${title}"`);
		names.add(title);
		declared += 1;
		inner(title, () => bounded(body, `${name}: ${title}`, options.timeoutMs ?? DEFAULT_TIMEOUT_MS));
	});
	if (declared === 0) throw new Error(`${name}: the suite declares no test`);
	inner.run();
}

async function bounded(body: TestBody, title: string, timeoutMs: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${title}: not settled after ${timeoutMs} ms`)), timeoutMs);
	});
	try {
		await Promise.race([body(), limit]);
	} finally {
		clearTimeout(timer);
	}
}
