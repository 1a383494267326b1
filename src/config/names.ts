import { bad, good, type Rule } from './fault.ts';
import { shown } from './tree.ts';

/** The form of repository and task names; a name is never an option, a path or a task id. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const NAME_HINT =
	'a name begins with a letter or digit and goes on with letters, digits, `.`, `_` and `-`, at most 100';

/** Names of repositories and tasks: they become folders, task ids (`publish:NAME`) and arguments. */
export const entryName: Rule<string> = (text) => {
	if (!NAME.test(text)) return bad('bad-name', `${shown(text)} is no usable name`, NAME_HINT);
	if (text.includes('..') || text.endsWith('.') || text.endsWith('.lock')) {
		return bad(
			'bad-name',
			`${shown(text)} is no usable name`,
			'a name holds no `..` and ends in neither `.` nor `.lock`',
		);
	}
	return good(text);
};

/** The name of a task of the file, or a train task such as `smoke:hub-app`; which of them exist is checked later. */
export const taskReference: Rule<string> = (text) => {
	const parts = text.split(':');
	if (parts.length > 2)
		return bad('bad-name', `${shown(text)} has more than one colon`, 'write `kind:repository` or a task name');
	return parts.map(entryName).find((part) => !part.ok) ?? good(text);
};

export const envName: Rule<string> = (text) =>
	ENV_NAME.test(text)
		? good(text)
		: bad('bad-name', `${shown(text)} is no name of an environment variable`, 'use letters, digits and `_`');

/**
 * Names of branches, tags and remotes, by the rules of `git check-ref-format`, and never beginning
 * with `-`, which git would read as an option.
 */
export const refName: Rule<string> = (text) => {
	const parts = text.split('/');
	const broken =
		text === '' ||
		text === '@' ||
		text.startsWith('-') ||
		text.endsWith('.') ||
		text.includes('..') ||
		text.includes('@{') ||
		/[\u0000-\u0020\u007f~^:?*[\\]/.test(text) ||
		parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock'));
	if (!broken) return good(text);
	const hint = 'see `git check-ref-format`: no spaces, no `..`, no `~ ^ : ? * [ \\`, and no `-` at its start';
	return bad('bad-name', `${shown(text)} is no name that git accepts`, hint);
};

/** A workflow as GitHub names it: its file in .github/workflows. */
export const workflowName: Rule<string> = (text) => {
	const hint = 'give the name of the file in .github/workflows, such as `deploy.yml`';
	if (text.includes('/')) return bad('bad-name', `${shown(text)} is a path`, hint);
	return refName(text).ok ? good(text) : bad('bad-name', `${shown(text)} is no name of a workflow`, hint);
};
