// The programs that the demo and the tests meet for real: git, Ruby with Bundler, Redis, and a gem
// server in a gem home of its own. Installed when absent; nothing of the system's is changed otherwise.
import { spawnSync } from 'node:child_process';
import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	mkdtempSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A thing that could not be installed; the message holds the command to run by hand. */
export class Missing extends Error {}

/** Progress goes to stderr: stdout belongs to the target. */
export function say(text) {
	console.error(`bootstrap: ${text}`);
}

const SERVER_GEMS = ['geminabox:4.0.1', 'puma:8.0.2'];
/** Beside the system's Bundler: the first line of versions that writes CHECKSUMS and runs on Ruby 3.1. */
const BUNDLER = '2.6.9';

/** Program → its package for apt-get, and for brew. */
const PACKAGES = {
	git: { apt: 'git', brew: 'git' },
	ruby: { apt: 'ruby', brew: 'ruby' },
	bundle: { apt: 'bundler', brew: 'ruby' },
	'redis-server': { apt: 'redis-server', brew: 'redis' },
};
/** Puma has a native extension. */
const COMPILERS = { apt: ['ruby-dev', 'build-essential'], brew: ['ruby'] };

/** Homebrew keeps its Ruby off the PATH, and the one of macOS itself is too old for Puma. */
const BREW_RUBY = ['/opt/homebrew/opt/ruby/bin', '/usr/local/opt/ruby/bin'];

function which(program) {
	for (const dir of (process.env.PATH ?? '').split(delimiter)) {
		const file = join(dir, program);
		try {
			accessSync(file, constants.X_OK);
			if (statSync(file).isFile()) return file;
		} catch {
			// Not here: the next folder.
		}
	}
	return null;
}

function readFrom(argv) {
	// From the root: a Gemfile above the working directory would have a say in `bundle --version`.
	const options = { cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 2] };
	const { status, stdout } = spawnSync(argv[0], argv.slice(1), options);
	if (status !== 0) throw new Missing(`\`${argv.join(' ')}\` failed`);
	return stdout.trim();
}

function runAll(commands) {
	return commands.every(([program, ...args]) => {
		say([program, ...args].join(' '));
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		return spawnSync(program, args, { env, stdio: ['inherit', 2, 2] }).status === 0;
	});
}

/** Installs with the machine's package manager; `wanted` names the packages for each. */
function install(what, wanted) {
	const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
	const byApt = [
		[...sudo, 'apt-get', 'update', '-qq'],
		[...sudo, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...wanted.apt],
	];
	const byBrew = [['brew', 'install', ...wanted.brew]];
	const mayApt = which('apt-get') && (sudo.length === 0 || which('sudo'));
	const commands = mayApt ? byApt : which('brew') ? byBrew : null;
	say(`missing: ${what}`);
	if (commands && runAll(commands)) return;
	const byHand = (commands ?? byApt).map((argv) => argv.join(' ')).join(' && ');
	throw new Missing(`could not install ${what}. Install it by hand, then run this again:\n  ${byHand}`);
}

function ensurePrograms() {
	const absent = Object.keys(PACKAGES).filter((program) => !which(program));
	if (absent.length === 0) return;
	const packages = (manager) => [
		...new Set([
			...absent.map((program) => PACKAGES[program][manager]),
			...(absent.includes('ruby') ? COMPILERS[manager] : []),
		]),
	];
	install(absent.join(', '), { apt: packages('apt'), brew: packages('brew') });
}

function ensureCompilers() {
	const header = readFrom(['ruby', '-rrbconfig', '-e', 'print File.join(RbConfig::CONFIG["rubyhdrdir"], "ruby.h")']);
	if (existsSync(header) && which('make') && which('cc')) return;
	install('the Ruby headers and a C compiler', COMPILERS);
}

function gemInstall(home, gems) {
	// GEM_PATH too: every dependency must be in this home, not borrowed from the system's.
	const env = { ...process.env, GEM_HOME: home, GEM_PATH: home };
	const argv = ['install', '--no-document', '--quiet', '--source', 'https://rubygems.org', ...gems];
	const { status } = spawnSync('gem', argv, { env, stdio: ['ignore', 2, 2] });
	if (status !== 0) throw new Missing(`could not install from rubygems.org. By hand: gem ${argv.join(' ')}`);
}

/** Built under another name and renamed: of two bootstraps at once, one wins and both find it whole. */
function makeGemHome(home) {
	ensureCompilers();
	const cache = join(home, '..');
	mkdirSync(cache, { recursive: true });
	const temporary = mkdtempSync(join(cache, '.making-'));
	try {
		say(`installing the gem server (${SERVER_GEMS.join(', ')}) and Bundler ${BUNDLER} into ${home}`);
		gemInstall(join(temporary, 'server'), SERVER_GEMS);
		gemInstall(join(temporary, 'bundler'), [`bundler:${BUNDLER}`]);
		renameSync(temporary, home);
	} catch (error) {
		rmSync(temporary, { recursive: true, force: true });
		if (!existsSync(home)) throw error;
	}
}

function describeRuby() {
	const script = 'print RUBY_ENGINE, "-", RbConfig::CONFIG["ruby_version"], " ", Gem::Platform.local';
	const [abi, platform] = readFrom(['ruby', '-e', script]).split(' ');
	const bundler = /(\d[\w.]*)/.exec(readFrom(['bundle', '--version']))?.[1] ?? 'unknown';
	return { abi, platform, bundler };
}

/**
 * Makes sure of all programs and of the gem home, and notes in the stamp where things are
 * (test/support/toolchain.ts reads it). Returns whether the stamp changed. When it did not, nothing
 * was started: a second run costs a few file reads.
 */
export function ensureToolchain(stamp) {
	process.env.PATH = [...BREW_RUBY.filter((dir) => existsSync(dir)), process.env.PATH].join(delimiter);
	ensurePrograms();
	const ruby = realpathSync(which('ruby'));
	const seen = `${ruby} ${statSync(ruby).mtimeMs} ${realpathSync(which('bundle'))}`;
	if (stamp.toolchain?.seen === seen && existsSync(stamp.toolchain.gemHome)) return false;
	const { abi, platform, bundler } = describeRuby();
	const versions = [...SERVER_GEMS.map((gem) => gem.replace(':', '-')), `bundler-${BUNDLER}`].join('-');
	const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway');
	const gemHome = join(cache, `gems-${abi}-${platform}-${versions}`);
	if (!existsSync(gemHome)) makeGemHome(gemHome);
	stamp.toolchain = { seen, gemHome, platform, bundler, newerBundler: BUNDLER };
	return true;
}
