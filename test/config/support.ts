import * as assert from 'uvu/assert';
import { type ParsedConfig, parseConfig } from '../../src/config/parse.ts';
import type { Config } from '../../src/config/types.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';

export const WHERE = {
	file: '/srv/fleet/registry/release_repos.yml',
	display: 'release_repos.yml',
	env: { HOME: '/srv/me' },
};

export function parse(text: string, env: Record<string, string | undefined> = WHERE.env): ParsedConfig {
	return parseConfig(text, { ...WHERE, env });
}

/** The Config of a text that must have no diagnostic at all. */
export function load(text: string, env?: Record<string, string | undefined>): Config {
	const { config, diagnostics } = parse(text, env);
	assert.equal(diagnostics, []);
	if (!config) throw new Error('no config and no diagnostic');
	return config;
}

/** The only diagnostic of a text, which must be an error with a place and a hint. */
export function onlyError(text: string): Diagnostic {
	const { config, diagnostics } = parse(text);
	assert.is(config, null);
	assert.is(diagnostics.length, 1, JSON.stringify(diagnostics, null, 1));
	const [diagnostic] = diagnostics;
	if (!diagnostic?.at || !diagnostic.hint) throw new Error(`without place or hint: ${JSON.stringify(diagnostic)}`);
	assert.is(diagnostic.severity, 'error');
	return diagnostic;
}

/** `code line:col marked text`, which is what a reader looks at first. */
export function brief({ code, at }: Diagnostic): string {
	return `${code} ${at?.line}:${at?.col} ${at?.excerpt.slice(at.col - 1, at.endCol - 1)}`;
}
