import type { Range } from './source.ts';

/** YAML as it stands in the file, before aliases and merges: what document.ts gives to compose.ts. */
export type RawNode = RawType & { readonly range: Range; readonly anchor: string | null };

export type RawType =
	| { readonly type: 'blank' }
	| { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
	| { readonly type: 'alias'; readonly name: string }
	| { readonly type: 'list'; readonly flow: boolean; readonly items: readonly RawNode[] }
	| { readonly type: 'map'; readonly flow: boolean; readonly pairs: readonly RawPair[] };

export interface RawPair {
	readonly key: RawNode;
	readonly value: RawNode | null;
}

/** The one sentence for mappings and lists within each other beyond any registry's need. */
export function tooDeep(levels: number): string {
	return `the file is nested more than ${levels} levels deep`;
}
