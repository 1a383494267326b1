/** Of git's own variables only these are the operator's wish; the rest would point git somewhere else. */
const GIT_KEPT =
	/^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|SSL_.*|HTTP_.*|PROXY_.*|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|ASKPASS)$/;
/** Set by `bundle exec`: they would make every Ruby below load the wrong bundle. Credentials (BUNDLE_<HOST>) stay. */
const RUBY_DROPPED =
	/^(?:BUNDLE_GEMFILE|BUNDLE_BIN_PATH|BUNDLER_VERSION|BUNDLER_SETUP|BUNDLER_ORIG_.*|BUNDLE_FROZEN|BUNDLE_DEPLOYMENT|BUNDLE_LOCAL|RUBYOPT|RUBYLIB)$/;
const NODE_DROPPED = /^(?:NODE_OPTIONS|NODE_V8_COVERAGE|npm_.*|INIT_CWD)$/;

/**
 * The environment that every child process starts from: the operator's, without what another tool
 * left in it. `env` is usually process.env.
 */
export function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const kept: Record<string, string> = {};
	for (const [name, value] of Object.entries(env)) {
		if (value === undefined || RUBY_DROPPED.test(name) || NODE_DROPPED.test(name)) continue;
		if (name.startsWith('GIT_') && !GIT_KEPT.test(name)) continue;
		kept[name] = value;
	}
	return kept;
}

/** What git needs so that it never asks, never localises and never takes an optional lock. */
export function gitEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
	return {
		GIT_TERMINAL_PROMPT: '0',
		GIT_OPTIONAL_LOCKS: '0',
		LC_ALL: 'C',
		...(env.GIT_SSH_COMMAND || env.GIT_SSH ? {} : { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }),
	};
}
