import { configJsonSchema } from './json-schema.ts';

/** The part of JSON Schema that the registry's own schema is made of. */
interface Shape {
	readonly type?: string | readonly string[];
	readonly title?: string;
	readonly description?: string;
	readonly default?: unknown;
	readonly enum?: readonly string[];
	readonly const?: string;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly items?: Shape;
	readonly properties?: Readonly<Record<string, Shape>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: Shape | boolean;
	readonly anyOf?: readonly Shape[];
	readonly oneOf?: readonly Shape[];
}

const HEAD = `<!-- Made from src/config/schema and release_repos.yml by \`npm run check -- --write\`. Edit those, not this page. -->

# release_repos.yml

The file that names the repositories of a release. Slipway finds it in the current folder or any folder
above. All of its errors are reported at once, each with its line.

- **Unknown keys** are errors. Keys that begin with \`x-\` are yours and pass at every level; with an anchor and
  \`<<\` they hold what several entries share.
- **Commands** are strings, split into words by the quoting rules of a shell; no shell runs them, and nothing is
  interpolated. A list of words is taken as it is.
- **Names** of repositories and tasks begin with a letter or digit and go on with letters, digits, \`.\`, \`_\` and \`-\`.
- **Paths in the tree** are relative to the top of the repository, without \`..\`.
- **Durations** are a number and a unit: \`500ms\`, \`30s\`, \`5m\`, \`2h\`.
- **Secrets** do not belong here: an address with a user and password in it is an error.
- **Scalars** are taken as they are written: \`1.10\` is not 1.1, and \`no\` is the text "no".

## An example

This is the [release_repos.yml](../release_repos.yml) of this repository; the tests load it.
`;

/**
 * docs/config.md: every key with its form, default and meaning, from the descriptions of the schema, after
 * the commented example. Takes the text of release_repos.yml, gives markdown.
 */
export function configReference(exampleYaml: string): string {
	const root = configJsonSchema() as Shape;
	const page: string[] = [HEAD, `\`\`\`yaml\n${exampleYaml.trimEnd()}\n\`\`\`\n`];
	const described = new Map<string, string>();
	for (const [name, shape] of Object.entries(root.properties ?? {})) {
		page.push(`## \`${name}\`\n\n${shape.description ?? ''}\n`, ...sections({ name, shape, described }));
	}
	return page.join('\n');
}

interface Section {
	readonly name: string;
	readonly shape: Shape;
	/** Variants that were described already, and under which name. */
	readonly described: Map<string, string>;
}

/** The table of a mapping, then one section for each mapping within it. */
function sections({ name, shape, described }: Section): string[] {
	const inner = innerMapping(shape);
	if (inner)
		return [
			`### \`${name}${inner.suffix}\`\n`,
			...sections({ name: name + inner.suffix, shape: inner.shape, described }),
		];
	const properties = Object.entries(shape.properties ?? {});
	const within = properties.filter(([, value]) => isNested(value));
	const nested = within.flatMap(nestedIn(name, described));
	return [table(properties, shape.required ?? []), ...nested];
}

function nestedSections({ name, shape, described }: Section): string[] {
	const long = longForm(shape);
	if (long) return nestedSections({ name, shape: long, described });
	if (shape.oneOf) return variants({ name, shape, described });
	if (innerMapping(shape)) return sections({ name, shape, described });
	return [`### \`${name}\`\n`, ...sections({ name, shape, described })];
}

/** One table for each strategy; a second key with the same strategies refers to the first. */
function variants({ name, shape, described }: Section): string[] {
	const form = JSON.stringify(shape.oneOf);
	const earlier = described.get(form);
	if (earlier !== undefined)
		return [`### \`${name}\`\n\nThe same strategies as [\`${earlier}\`](#${anchor(earlier)}).\n`];
	described.set(form, name);
	const tables = (shape.oneOf ?? []).map((variant) => {
		const { strategy, ...others } = variant.properties ?? {};
		const keys = Object.entries(others);
		const intro = `**\`strategy: ${strategy?.const ?? ''}\`** — ${strategy?.description ?? ''}\n`;
		return keys.length > 0 ? `${intro}\n${table(keys, variant.required ?? [])}` : intro;
	});
	return [`### \`${name}\`\n`, ...tables, ...mappingsWithin(shape.oneOf ?? []).flatMap(nestedIn(name, described))];
}

/** The mappings within variants, each once: variants share most of theirs. */
function mappingsWithin(shapes: readonly Shape[]): readonly (readonly [string, Shape])[] {
	const all = shapes
		.flatMap(({ properties }) => Object.entries(properties ?? {}))
		.filter(([, value]) => isNested(value));
	return [...new Map(all.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function nestedIn(name: string, described: Section['described']): (entry: readonly [string, Shape]) => string[] {
	return ([key, shape]) => nestedSections({ name: `${name}.${key}`, shape, described });
}

/** The heading's anchor as GitHub makes it. */
function anchor(name: string): string {
	return name.toLowerCase().replace(/[^a-z0-9_-]/g, '');
}

function isNested(shape: Shape): boolean {
	return [shape.properties, shape.oneOf, innerMapping(shape), longForm(shape)].some(Boolean);
}

/** The mapping that may stand in place of a single word. */
function longForm(shape: Shape): Shape | undefined {
	return shape.anyOf?.find(({ properties }) => properties);
}

/** What stands under names of one's own, or in a list, when that is a mapping again. */
function innerMapping({ additionalProperties, items }: Shape): { suffix: string; shape: Shape } | null {
	if (typeof additionalProperties === 'object' && additionalProperties.properties)
		return { suffix: '.NAME', shape: additionalProperties };
	return items?.properties ? { suffix: '[]', shape: items } : null;
}

function table(properties: readonly (readonly [string, Shape])[], required: readonly string[]): string {
	const rows = properties.map(([key, shape]) => {
		const fallback = required.includes(key) ? 'required' : defaultOf(shape);
		return `| \`${key}\` | ${cell(form(shape))} | ${fallback} | ${cell(shape.description ?? '')} |`;
	});
	return ['| Key | Value | Default | Meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** Empty lists and mappings are what anyone expects of an absent key. */
function defaultOf({ default: value }: Shape): string {
	const empty = value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
	return empty ? '' : `\`${String(value)}\``;
}

function cell(text: string): string {
	return text.replaceAll('|', '\\|');
}

/** The form of a value in words. */
function form(shape: Shape): string {
	if (shape.title) return shape.title;
	if (shape.enum) return shape.enum.map((choice) => `\`${choice}\``).join(', ');
	if (shape.oneOf) return 'mapping with `strategy`';
	if (shape.anyOf) return [...new Set(shape.anyOf.map(form))].join(' or ');
	if (shape.items) return `list of ${plural(form(shape.items))}`;
	if (typeof shape.additionalProperties === 'object') return `names to ${plural(form(shape.additionalProperties))}`;
	if (shape.minimum !== undefined) return `${shape.minimum} to ${shape.maximum}`;
	if (shape.type === 'object') return 'mapping';
	return shape.type === 'boolean' ? '`true` or `false`' : 'text';
}

function plural(words: string): string {
	return words.includes(' to ') ? `numbers, ${words}` : `${words}s`;
}
