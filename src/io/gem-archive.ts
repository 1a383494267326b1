import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar';
// The second importer of yaml beside src/config: a gem's metadata is the archive's own format, not a user's file.
import { parseDocument } from 'yaml';
import { Unreadable } from '../core/diagnostic.ts';
import { filledText, is, isObject, listOf, openObject, optional, shaped, text } from '../core/shape.ts';
import { sha256 } from './artifacts.ts';
import { readBytesIfExists } from './files.ts';

export interface GemDependency {
	readonly name: string;
	/** As RubyGems writes it: `~> 0.8, >= 0.8.2`. */
	readonly requirement: string;
	readonly type: 'runtime' | 'development';
}

/** What a built gem holds. */
export interface GemArchive {
	readonly name: string;
	readonly version: string;
	/** `ruby`, or the platform of a gem with compiled code. */
	readonly platform: string;
	readonly dependencies: readonly GemDependency[];
	readonly allowedPushHost: string | null;
	/** SHA-256 by path; of a link, that of `-> target`. */
	readonly files: ReadonlyMap<string, string>;
}

const unzip = promisify(gunzip);
const MAX_UNPACKED_BYTES = 2 * 1024 * 1024 * 1024;
/** Every dependency of an old gem is written once and referred to once. */
const MAX_ALIASES = 10_000;

/** Reads a `.gem` from disk. Absent, torn or strange is Unreadable. */
export async function loadGemArchive(path: string): Promise<GemArchive> {
	const bytes = await readBytesIfExists(path);
	if (bytes === null) throw new Unreadable(path, 'there is no such file');
	return parseGemArchive(bytes, path);
}

/**
 * Reads the bytes of a `.gem`: a tar of metadata.gz, data.tar.gz and checksums.yaml.gz, whose SHA-256 are checked.
 * `name` is for messages. Throws Unreadable for anything that is not a whole gem.
 */
export async function parseGemArchive(bytes: Buffer, name: string): Promise<GemArchive> {
	try {
		const parts = new Map((await unpackTar(bytes, { strict: true })).map(({ header, data }) => [header.name, data]));
		await checkParts(parts);
		const metadata = parseGemMetadata((await unzipPart(parts, 'metadata.gz')).toString('utf8'));
		return { ...metadata, files: await fileDigests(await unzipPart(parts, 'data.tar.gz')) };
	} catch (error) {
		throw new Unreadable(name, error instanceof Error ? error.message : String(error));
	}
}

type Parts = ReadonlyMap<string, Uint8Array | undefined>;

async function unzipPart(parts: Parts, name: string): Promise<Buffer> {
	const packed = parts.get(name);
	if (packed === undefined) throw new Error(`it has no ${name}`);
	return await unzip(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
}

/** Gems of very old RubyGems have no checksums; then gzip's own must do. */
async function checkParts(parts: Parts): Promise<void> {
	if (!parts.has('checksums.yaml.gz')) return;
	const checksums = readYaml((await unzipPart(parts, 'checksums.yaml.gz')).toString('utf8'));
	const named = isObject(checksums) && isObject(checksums.SHA256) ? checksums.SHA256 : {};
	for (const [name, wanted] of Object.entries(named)) {
		const part = parts.get(name);
		if (part === undefined || sha256(part) !== wanted) throw new Error(`${name} is not the one of checksums.yaml.gz`);
	}
}

async function fileDigests(tar: Buffer): Promise<ReadonlyMap<string, string>> {
	const files = new Map<string, string>();
	for (const { header, data } of await unpackTar(tar, { strict: true })) {
		if (header.type === 'directory') continue;
		files.set(header.name, sha256(data ?? Buffer.from(`-> ${header.linkname ?? ''}`)));
	}
	return files;
}

interface Metadata {
	readonly name: string;
	readonly version: { readonly version: string };
	readonly platform?: string;
	readonly dependencies?: readonly Dependency[];
	readonly metadata?: { readonly allowed_push_host?: string };
}

interface Dependency {
	readonly name: string;
	readonly requirement: { readonly requirements: readonly Condition[] };
	readonly type?: string;
}

type Condition = readonly [string, { readonly version: string }];

const VERSION = openObject<{ readonly version: string }>({ version: filledText });
const CONDITION = is<Condition>(
	'an operator and a version',
	(value) => Array.isArray(value) && typeof value[0] === 'string' && VERSION(value[1], '').length === 0,
);
const METADATA = openObject<Metadata>({
	name: filledText,
	version: VERSION,
	platform: optional(text),
	dependencies: optional(
		listOf(
			openObject<Dependency>({
				name: filledText,
				requirement: openObject<Dependency['requirement']>({ requirements: listOf(CONDITION) }),
				type: optional(text),
			}),
		),
	),
	metadata: optional(is<NonNullable<Metadata['metadata']>>('a mapping', isObject)),
});

function parseGemMetadata(yaml: string): Omit<GemArchive, 'files'> {
	const read = shaped(METADATA, readYaml(yaml), 'metadata');
	if (!read.ok) throw new Error(read.problems.slice(0, 3).join('; '));
	const { name, version, platform, dependencies, metadata } = read.value;
	const host = metadata?.allowed_push_host;
	return {
		name,
		version: version.version,
		platform: platform || 'ruby',
		dependencies: (dependencies ?? []).map(dependencyOf),
		allowedPushHost: typeof host === 'string' && host !== '' ? host : null,
	};
}

function dependencyOf({ name, requirement, type }: Dependency): GemDependency {
	return {
		name,
		requirement: requirement.requirements.map(([operator, { version }]) => `${operator} ${version}`).join(', '),
		type: type === ':development' ? 'development' : 'runtime',
	};
}

/** Every scalar stays the text that RubyGems wrote: a version such as `1.10` is no number. Ruby's tags are passed over. */
function readYaml(yaml: string): unknown {
	const document = parseDocument(yaml, { schema: 'failsafe', logLevel: 'silent', prettyErrors: false });
	const [error] = document.errors;
	if (error) throw new Error(`it holds bad YAML: ${error.message}`);
	return document.toJS({ maxAliasCount: MAX_ALIASES });
}
