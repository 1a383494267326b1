import { bad, good, type Reading, type Rule } from './fault.ts';
import { shown } from './tree.ts';

const CONTROL = /[\u0000-\u001f\u007f]/;

/** A path within a repository or folder, normalised: `./bin//x` is `bin/x`. It can never lead out. */
export const treePath: Rule<string> = (text) => {
	const fault = pathFault(text);
	if (fault) return fault;
	const parts = text.split('/').filter((part) => part !== '' && part !== '.');
	if (parts.includes('..') || text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text)) {
		return bad(
			'path-escape',
			`${shown(text)} leaves the folder it belongs to`,
			'write a path relative to that folder, without `..`',
		);
	}
	const path = parts.join('/');
	return path === ''
		? bad('bad-value', `${shown(text)} names the folder itself`, 'name a file in it')
		: (pathFault(path) ?? good(path));
};

/** Like `treePath`, and `.` for the folder itself. */
export const treeFolder: Rule<string> = (text) => (text === '.' || text === './' ? good('.') : treePath(text));

/** A gemspec in the tree; its base name is the name of the gem. */
export const gemspecPath: Rule<string> = (text) =>
	/[^/]\.gemspec$/.test(text)
		? treePath(text)
		: bad('bad-value', `${shown(text)} is no gemspec`, 'the file ends in `.gemspec`');

/** A program in the tree: a path alone, because its arguments have a key of their own. */
export const scriptPath: Rule<string> = (text) =>
	/\s/.test(text.trim())
		? bad('bad-value', `${shown(text)} holds more than a path`, 'put the arguments into `args`')
		: treePath(text);

/** A place on this machine: absolute, `~/…`, or relative to what the caller says. */
export const machinePath: Rule<string> = (text) => {
	const fault = pathFault(text);
	if (fault) return fault;
	if (text.startsWith('~') && text !== '~' && !text.startsWith('~/')) {
		return bad('bad-value', `${shown(text)} names the home of another user`, 'only `~/…`, your own home, is expanded');
	}
	return good(text);
};

/** The path of a URL on an app of this machine: `/up`. */
export const urlPath: Rule<string> = (text) =>
	text.startsWith('/') && !/\s/.test(text) && !CONTROL.test(text)
		? good(text)
		: bad('bad-value', `${shown(text)} is no path of a URL`, 'begin it with `/`, such as `/up`');

function pathFault(text: string): Reading<never> | null {
	if (text.trim() === '') return bad('bad-value', 'the path is empty', 'write a path, or remove the key');
	if (CONTROL.test(text))
		return bad('bad-name', `the path ${shown(text)} holds a control character`, 'rename the file');
	if (text.startsWith('-'))
		return bad('bad-name', `the path ${shown(text)} could be read as an option`, 'rename the file');
	return null;
}
