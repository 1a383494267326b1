/**
 * Reads of the world that several probes of one run share. A reading is used again for a short
 * while, and never past an effect on the place it was read from: whoever changes a place says so
 * with `forget`. Failures are not kept.
 */
export interface Readings {
	/** `key` is `place what`, for example a URL and the refs asked for. */
	read<T>(place: string, what: string, take: () => Promise<T>): Promise<T>;
	/** Drops all that was read from a place, or everything. */
	forget(place?: string): void;
}

interface Reading {
	readonly place: string;
	readonly takenAt: number;
	readonly value: Promise<unknown>;
}

/** `maxAgeMs` bounds how old a reading may be; `now` is monotonic, in milliseconds. */
export function createReadings(maxAgeMs: number, now: () => number = () => performance.now()): Readings {
	const readings = new Map<string, Reading>();
	return {
		read: <T>(place: string, what: string, take: () => Promise<T>) => {
			const key = `${place}\0${what}`;
			const known = readings.get(key);
			if (known && now() - known.takenAt <= maxAgeMs) return known.value as Promise<T>;
			const reading: Reading = { place, takenAt: now(), value: take() };
			readings.set(key, reading);
			reading.value.catch(() => {
				if (readings.get(key) === reading) readings.delete(key);
			});
			return reading.value as Promise<T>;
		},
		forget: (place) => {
			for (const [key, reading] of readings) if (place === undefined || reading.place === place) readings.delete(key);
		},
	};
}
