import type { Webhook } from '../../config/types.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Notes } from './compose.ts';
import { DISCORD, PLAIN, renderNotes, SLACK } from './render.ts';

/** Slack cuts a text at 40 000 characters, Discord refuses one above 2 000: both documented. */
const SLACK_MOST = 39_000;
const DISCORD_MOST = 2_000;
/** More than these in a row would flood the channel. */
const DISCORD_MESSAGES = 5;
/** Flag of a Discord message: no previews of its links. */
const SUPPRESS_EMBEDS = 4;

/** What a service is sent, one body a request, in this order. Pure. */
export function messagesFor(type: Webhook['type'], notes: Notes): readonly string[] {
	switch (type) {
		case 'slack': {
			const [text = ''] = pages(renderNotes(notes, SLACK), SLACK_MOST, 1);
			return [JSON.stringify({ text, unfurl_links: false, unfurl_media: false })];
		}
		case 'discord': {
			const parts = pages(renderNotes(notes, DISCORD), DISCORD_MOST, DISCORD_MESSAGES);
			// Nobody is called, whatever a commit's subject says.
			const shared = { allowed_mentions: { parse: [] }, flags: SUPPRESS_EMBEDS };
			return parts.map((content) => JSON.stringify({ content, ...shared }));
		}
		case 'json':
			return [JSON.stringify({ schema: 'slipway.notes/1', ...notes, text: renderNotes(notes, PLAIN).join('\n') })];
		default:
			return unreachable(type);
	}
}

const CUT = '…';

/** Lines on pages of at most `size` UTF-16 units; what `most` pages do not hold is left out, and that shows. Pure. */
export function pages(lines: readonly string[], size: number, most: number): readonly string[] {
	const filled: string[][] = [[]];
	let room = size;
	for (const line of lines.map((text) => fitting(text, size))) {
		if (line.length > room) {
			filled.push([]);
			room = size;
		}
		filled.at(-1)?.push(line);
		room -= line.length + 1;
	}
	const kept = filled.slice(0, most);
	const left = filled
		.slice(most)
		.flat()
		.filter((line) => line !== '').length;
	if (left > 0) closeWith(kept.at(-1) ?? [], left, size);
	return kept.map((page) => page.join('\n'));
}

/** Takes lines off the last page until the word about all that is missing has room. */
function closeWith(page: string[], left: number, size: number): void {
	let missing = left;
	const last = () => `${CUT} and ${missing} more lines`;
	while (page.length > 0 && [...page, last()].join('\n').length > size) {
		if (page.pop() !== '') missing += 1;
	}
	page.push(last());
}

/** Half a character at the cut would make the whole body unreadable to some. */
function fitting(line: string, size: number): string {
	return line.length <= size ? line : line.slice(0, size - CUT.length).replace(/[\ud800-\udbff]$/, '') + CUT;
}
