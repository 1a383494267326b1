import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readSubject } from '../../src/tasks/notes/commit.ts';
import { composeNotes, type RepoFacts } from '../../src/tasks/notes/compose.ts';
import { messagesFor, pages } from '../../src/tasks/notes/messages.ts';
import { DISCORD, PLAIN, renderNotes, SLACK } from '../../src/tasks/notes/render.ts';
import { suite } from '../support/suite.ts';
import { FROZEN, MAIN, SHIP } from '../tasks/decisions.ts';

const SLUG = 'rel-20260314-a1b2c3';
const GITHUB = 'https://github.com/studio/harbor';

function facts(more: Partial<RepoFacts> = {}): RepoFacts {
	const repo = { repo: 'harbor', version: null, from: MAIN, frozen: FROZEN, ship: SHIP };
	return { ...repo, origin: null, pins: [], commits: [], ...more };
}

const commits = (...subjects: string[]) => subjects.map((subject) => ({ sha: FROZEN, subject }));

const plain = (...repos: RepoFacts[]) => renderNotes(composeNotes(SLUG, repos), PLAIN);

const SUBJECTS: readonly (readonly [subject: string, kind: string, scope: string | null, text: string])[] = [
	['feat: add sails', 'feature', null, 'add sails'],
	['feat(ui): add sails', 'feature', 'ui', 'add sails'],
	['Fix(api)!: drop v1', 'breaking', 'api', 'drop v1'],
	['feat!: drop v1', 'breaking', null, 'drop v1'],
	['perf: faster', 'speed', null, 'faster'],
	['chore(deps): bump tack', 'upkeep', 'deps', 'bump tack'],
	['Revert "feat: add sails"', 'revert', null, 'feat: add sails'],
	['Add sails', 'change', null, 'Add sails'],
	['wip: sails', 'change', null, 'wip: sails'],
	['feat:sails', 'change', null, 'feat:sails'],
	['constructor: sails', 'change', null, 'constructor: sails'],
	['', 'change', null, ''],
];

suite('notes: subjects of commits', (test) => {
	for (const [subject, kind, scope, text] of SUBJECTS) {
		test(`"${subject}" is ${kind}`, () => assert.equal(readSubject(subject), { kind, scope, text }));
	}
	test('any subject is read at once', () => {
		fc.assert(fc.property(fc.string(), (subject) => readSubject(subject).text.length <= subject.length));
		assert.is(readSubject(`feat(${'('.repeat(100_000)}`).kind, 'change');
	});
});

suite('notes: text', (test) => {
	test('a part for each repository in the order given; plain commits need no heading', () => {
		const engine = facts({ repo: 'studio-engine', version: '0.2.0', commits: commits('Add *sails*', 'Bump') });
		assert.equal(plain(engine, facts()), [
			`Release ${SLUG}`,
			'',
			'studio-engine 0.2.0 (ffffffff)',
			'• Add *sails* (ffffffff)',
			'• Bump (ffffffff)',
			'',
			'harbor (ffffffff)',
			'• no commits',
		]);
	});
	test('commits are grouped by kind, what breaks first and upkeep last', () => {
		const subjects = ['chore: tidy', 'fix: leak', 'Plain', 'feat(ui): sails', 'feat!: new hull', 'perf: faster'];
		assert.equal(plain(facts({ commits: commits(...subjects) })).slice(3), [
			'Breaking changes',
			'• new hull (ffffffff)',
			'Features',
			'• ui: sails (ffffffff)',
			'Fixes',
			'• leak (ffffffff)',
			'Performance',
			'• faster (ffffffff)',
			'Changes',
			'• Plain (ffffffff)',
			'Upkeep',
			'• tidy (ffffffff)',
		]);
	});
	test('our re-pin is told as pins, and not a second time as a commit', () => {
		const pins = [
			{ gem: 'studio-engine', version: '0.2.0' },
			{ gem: 'studio-ui', version: '0.3.0' },
		];
		const told = commits('Pin studio-ui 0.3.0, studio-engine 0.2.0', 'Pin studio-ui 0.1.0', 'Pin the map');
		assert.equal(plain(facts({ pins, commits: told })).slice(3), [
			'• Pins studio-engine 0.2.0, studio-ui 0.3.0',
			'• Pin studio-ui 0.1.0 (ffffffff)',
			'• Pin the map (ffffffff)',
		]);
		assert.equal(plain(facts({ pins })).slice(3), ['• Pins studio-engine 0.2.0, studio-ui 0.3.0']);
	});
	test('commits that could not be read are not told as none', () => {
		assert.is(plain(facts({ commits: null })).at(-1), '• its commits could not be read');
	});
	test('what steers a terminal and what looks like a token does not go out', () => {
		const subject = `\u001b[31mred\u001b[0m \u0007 \u202eevil rubygems_${'a1'.repeat(24)}`;
		assert.is(plain(facts({ commits: commits(subject) })).at(-1), '• red evil [redacted] (ffffffff)');
	});
});

suite('notes: links and marks', (test) => {
	const repo = facts({ origin: 'git@github.com:studio/harbor.git', commits: commits('Fix <a|b> & @everyone *now*') });
	const notes = composeNotes(SLUG, [repo]);
	test('plain text names the page of each repository', () => {
		assert.is(renderNotes(notes, PLAIN)[2], `harbor  ${GITHUB}/compare/${MAIN}...${FROZEN}`);
	});
	test('Slack links, and none of its marks comes from a commit', () => {
		assert.equal(renderNotes(notes, SLACK).slice(2), [
			`*<${GITHUB}/compare/${MAIN}...${FROZEN}|harbor>*`,
			`• Fix &lt;a|b&gt; &amp; @everyone *now* (<${GITHUB}/commit/${FROZEN}|ffffffff>)`,
		]);
	});
	test('Discord links without previews, and no mark or mention of its comes from a commit', () => {
		assert.equal(renderNotes(notes, DISCORD).slice(2), [
			`**[harbor](<${GITHUB}/compare/${MAIN}...${FROZEN}>)**`,
			`• Fix \\<a\\|b\\> & @\u200beveryone \\*now\\* ([ffffffff](<${GITHUB}/commit/${FROZEN}>))`,
		]);
	});
	test('nobody is called: every < of a subject is escaped for Slack, every @ broken for Discord', () => {
		const calls = fc.constantFrom('<!channel>', '<@U12345>', '@everyone', '@here', '<#C1>', '<@&7>', 'x', ' ', '\\');
		fc.assert(
			fc.property(fc.array(calls), (parts) => {
				const called = composeNotes(SLUG, [facts({ commits: commits(`a ${parts.join('')}`) })]);
				assert.not.match(renderNotes(called, SLACK).join('\n'), '<');
				const discord = renderNotes(called, DISCORD).join('\n');
				assert.not.match(discord, /@(?!\u200b)/);
				assert.not.match(discord, /(?<!\\)(?:\\\\)*</);
			}),
		);
	});
});

suite('notes: bodies', (test) => {
	const notes = composeNotes(SLUG, [facts({ origin: GITHUB, commits: commits('fix(ui): sails') })]);
	test('Slack gets one text and no previews', () => {
		const [body = ''] = messagesFor('slack', notes);
		assert.equal(JSON.parse(body), {
			text: renderNotes(notes, SLACK).join('\n'),
			unfurl_links: false,
			unfurl_media: false,
		});
	});
	test('Discord may call nobody', () => {
		const [body = ''] = messagesFor('discord', notes);
		const { content, allowed_mentions: allowed } = JSON.parse(body);
		assert.equal([content, allowed], [renderNotes(notes, DISCORD).join('\n'), { parse: [] }]);
	});
	test('JSON gets the facts and the text', () => {
		const [body = ''] = messagesFor('json', notes);
		const { schema, train, repos, text } = JSON.parse(body);
		assert.equal([schema, train, text], ['slipway.notes/1', SLUG, renderNotes(notes, PLAIN).join('\n')]);
		assert.equal(repos, [
			{
				...{ repo: 'harbor', version: null, from: MAIN, frozen: FROZEN, ship: SHIP, pins: [] },
				url: `${GITHUB}/compare/${MAIN}...${FROZEN}`,
				commits: [{ sha: FROZEN, kind: 'fix', scope: 'ui', text: 'sails', url: `${GITHUB}/commit/${FROZEN}` }],
			},
		]);
	});
	test('Discord gets long notes in several messages, each within its limit, and then a word about the rest', () => {
		const subjects = Array.from({ length: 400 }, (_, i) => `Change number ${i} of many`);
		const bodies = messagesFor('discord', composeNotes(SLUG, [facts({ commits: commits(...subjects) })]));
		const contents: string[] = bodies.map((body) => JSON.parse(body).content);
		assert.is(contents.length, 5);
		assert.ok(contents.every((content) => content.length <= 2_000));
		assert.match(contents.at(-1) ?? '', /\n… and \d+ more lines$/);
	});
});

suite('notes: pages', (test) => {
	test('no line is lost without a word, and no page is too long or half a character', () => {
		const line = fc.oneof(
			fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => text.replaceAll('\n', ' ')),
			fc.constant(''),
		);
		fc.assert(
			fc.property(
				fc.array(line, { maxLength: 60 }),
				fc.integer({ min: 40, max: 300 }),
				fc.integer({ min: 1, max: 4 }),
				(lines, size, most) => {
					const told = pages(lines, size, most);
					assert.ok(told.length >= 1 && told.length <= most);
					for (const page of told) assert.ok(page.length <= size && page.isWellFormed(), JSON.stringify(page));
					const kept = told.join('\n').split('\n');
					const missing = Number(/^… and (\d+) more lines$/.exec(kept.at(-1) ?? '')?.[1] ?? 0);
					const shown = (missing > 0 ? kept.slice(0, -1) : kept).filter((text) => text !== '');
					assert.is(shown.length + missing, lines.filter((text) => text !== '').length);
				},
			),
		);
	});
	test('a line that is longer than a page is cut, and that shows', () => {
		assert.equal(pages(['x'.repeat(50)], 10, 1), [`${'x'.repeat(9)}…`]);
	});
});
