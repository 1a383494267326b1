import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { composeNotes, type RepoNotes, webhookBody } from '../../src/tasks/notes/compose.ts';
import { suite } from '../support/suite.ts';
import { FROZEN, SHIP } from './decisions.ts';

const SLUG = 'rel-20260314-a1b2c3';
const ENGINE: RepoNotes = {
	repo: 'studio-engine',
	version: '0.2.0',
	ship: FROZEN,
	commits: [{ sha: FROZEN, subject: 'Add *sails*' }],
};
const TURF: RepoNotes = { repo: 'turf', version: null, ship: SHIP, commits: [] };

suite('notes: text', (test) => {
	test('a part for each repository in the order given, with version, SHA and commits', () => {
		assert.is(
			composeNotes(SLUG, [ENGINE, TURF]),
			`Release ${SLUG}\n\nstudio-engine 0.2.0 (ffffffff)\n- Add *sails* (ffffffff)\n\nturf (55555555)\n- no commits`,
		);
	});
	test('a body in the form of each service', () => {
		const text = composeNotes(SLUG, [ENGINE]);
		const notes = { slug: SLUG, text, repos: [ENGINE] };
		assert.equal(JSON.parse(webhookBody('slack', notes)), { text });
		assert.equal(JSON.parse(webhookBody('discord', notes)), { content: text });
		assert.equal(JSON.parse(webhookBody('json', notes)), {
			schema: 'slipway.notes/1',
			train: SLUG,
			repos: [ENGINE],
			text,
		});
	});
	test('a text that is too long for its service is cut, and that shows', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), fc.nat(45_000), (piece, length) => {
				const text = (piece || 'x').repeat(Math.ceil(length / (piece.length || 1)));
				for (const [type, key, most] of [
					['slack', 'text', 39_000],
					['discord', 'content', 2_000],
				] as const) {
					const sent: string = JSON.parse(webhookBody(type, { slug: SLUG, text, repos: [] }))[key];
					assert.ok(sent.length <= most && sent.isWellFormed());
					if (text.length <= most) assert.is(sent, text);
					else assert.ok(sent.endsWith('\n…') && text.startsWith(sent.slice(0, -2)));
				}
			}),
			{ numRuns: 30 },
		);
	});
});
