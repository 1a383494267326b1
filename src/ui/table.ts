import type { Palette } from './colour.ts';
import { safe } from './terminal.ts';
import { displayWidth, pad } from './width.ts';

/** A table of short cells: a dim head, columns as wide as their widest cell; columns without any content are left out. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], palette: Palette): string {
	const cells = rows.map((row) => row.map(safe));
	const used = head.map((_, column) => cells.some((row) => (row[column] ?? '') !== ''));
	const widths = head.map((title, column) =>
		Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[column] ?? ''))),
	);
	const line = (row: readonly string[]) =>
		row
			.map((cell, column) => pad(cell, widths[column] ?? 0))
			.filter((_, column) => used[column])
			.join('  ')
			.trimEnd();
	return [palette.dim(line(head)), ...cells.map(line)].join('\n');
}
