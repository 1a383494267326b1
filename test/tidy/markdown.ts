/** What a Markdown page offers to others and asks of them; code blocks are neither. */
interface Page {
	/** Targets of its links, as written. */
	readonly links: readonly string[];
	/** Anchors of its headings, as GitHub names them. */
	readonly anchors: ReadonlySet<string>;
}

export function readPage(markdown: string): Page {
	const prose = markdown.replaceAll(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gm, '');
	const links = [...prose.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^()\s]+)\)/g)].flatMap(
		([, target]) => target ?? [],
	);
	const anchors = new Set<string>();
	for (const [, heading] of prose.matchAll(/^#{1,6}\s+(.*)$/gm)) anchors.add(freshAnchor(heading ?? '', anchors));
	return { links, anchors };
}

/** GitHub: lower case, letters, digits, hyphens and underscores, spaces to hyphens; a repeated heading gets a number. */
function freshAnchor(heading: string, taken: ReadonlySet<string>): string {
	const words = heading
		.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.trim()
		.toLowerCase();
	const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
	if (!taken.has(anchor)) return anchor;
	let copy = 1;
	while (taken.has(`${anchor}-${copy}`)) copy += 1;
	return `${anchor}-${copy}`;
}
