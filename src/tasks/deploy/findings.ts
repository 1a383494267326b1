import { Unreadable, unreadFinding } from '../../core/diagnostic.ts';
import type { Finding } from '../preflight/check.ts';

/** What one of several questions found; a read that failed is a finding of its own, and hides no other's. */
export async function findingsOf(question: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
	try {
		return await question;
	} catch (error) {
		if (error instanceof Unreadable) return [unreadFinding(error)];
		throw error;
	}
}
