import { bad, good, type Reading, type Rule } from './fault.ts';
import { refName } from './names.ts';
import { shown } from './tree.ts';

const SECRET_HINT =
	'this file is shared: take user and password out; credentials come from the environment of whoever runs Slipway';
/** `git@host:path`: a scheme-less address whose first colon comes before any slash. */
const SCP_LIKE = /^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[^\s@]+$/;
// URL parsers drop these characters silently.
const CONTROL = /[\u0000-\u0020\u007f]/;

/** An http(s) address without credentials. */
export const webUrl: Rule<string> = (text) => {
	const reading = parsed(text, ['http:', 'https:']);
	if (!reading.ok) return reading;
	return reading.value.username === '' ? good(text) : credentials();
};

/** An address that more path is put behind: no query, no fragment; slashes at its end are dropped. */
export const baseUrl: Rule<string> = (text) => {
	const reading = webUrl(text);
	if (!reading.ok) return reading;
	const hint = 'Slipway puts a path behind it: give the address before `?` and `#`';
	return /[?#]/.test(text)
		? bad('bad-value', `${shown(text)} has a query or a fragment`, hint)
		: good(text.replace(/\/+$/, ''));
};

/** The address of an app, to which Slipway adds `/up`. */
export const smokeUrl: Rule<string> = (text) => {
	const reading = baseUrl(text);
	if (reading.ok && new URL(reading.value).pathname.endsWith('/up')) {
		return bad('bad-value', `${shown(text)} ends in \`/up\``, 'leave `/up` out: Slipway adds it');
	}
	return reading;
};

/** What is put behind the address of an app: `/up`, `/health?full=1`. */
export const pagePath: Rule<string> = (text) => {
	const hint = 'it begins with `/`, as in `/up`, and holds neither spaces nor `#`';
	return /^\/(?!\/)/.test(text) && !/[\s#\\]/.test(text) && !CONTROL.test(text)
		? good(text)
		: bad('bad-value', `${shown(text)} is no path of a page`, hint);
};

/** Names of headers are tokens (RFC 9110 §5.1). */
export const headerName: Rule<string> = (text) =>
	/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)
		? good(text)
		: bad('bad-value', `${shown(text)} is no name of a header`, 'write it as in `X-Revision`');

export const redisUrl: Rule<string> = (text) => {
	const reading = parsed(text, ['redis:', 'rediss:']);
	if (!reading.ok) return reading;
	if (!/^\/?$/.test(reading.value.pathname)) {
		return bad('bad-value', `${shown(text)} names a database`, 'leave the number out: each worktree gets its own');
	}
	return reading.value.username === '' ? good(text.replace(/\/+$/, '')) : credentials();
};

/** Where a repository is cloned from: https, ssh, `git@host:path`, file://, or an absolute path. */
export const gitUrl: Rule<string> = (text) => {
	const hint = 'write https://…, ssh://…, git@host:path, file:///…, or an absolute path';
	// An absolute path may hold a space; nothing else here may.
	if (text.startsWith('/') && !CONTROL.test(text.replaceAll(' ', ''))) return good(text);
	if (SCP_LIKE.test(text) && !CONTROL.test(text)) return good(text);
	const reading = parsed(text, ['https:', 'http:', 'ssh:', 'git:', 'file:'], hint);
	if (!reading.ok) return reading;
	const { protocol, username } = reading.value;
	return username !== '' && protocol !== 'ssh:' ? credentials() : good(text);
};

/** A remote of the checkout, or the address itself. */
export const gitRemote: Rule<string> = (text) => (/[:]|^\//.test(text) ? gitUrl(text) : refName(text));

/** Says nothing of the text itself when it may hold a password, even in a form that does not parse. */
function parsed(text: string, schemes: readonly string[], hint?: string): Reading<URL> {
	const url = CONTROL.test(text) ? null : URL.parse(text);
	const fits = url && schemes.includes(url.protocol) && text.toLowerCase().startsWith(`${url.protocol}//`);
	if (fits) return url.password === '' ? good(url) : credentials();
	if (/:\S*@/.test(text)) return credentials();
	const wanted = hint ?? `it begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`;
	return bad('bad-value', `${shown(text)} is no address of that kind`, wanted);
}

function credentials(): Reading<never> {
	return {
		ok: false,
		fault: { code: 'bad-value', summary: 'the address holds a user or password', hint: SECRET_HINT, secret: true },
	};
}
