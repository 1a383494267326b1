#!/usr/bin/env node
// `npm run demo`, `npm test` and `npm run check` come through here: what is missing is installed, then
// the target runs on the project's own Node 24. Plain JavaScript without a dependency, because it runs
// on whatever Node the machine has (18 or newer) before `npm ci` has ever been called.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureToolchain, Missing, say } from './toolchain.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
/** What earlier runs found and made. Inside node_modules, so that deleting it starts afresh. */
const STAMP = join(ROOT, 'node_modules', '.slipway-bootstrap.json');

const TARGETS = {
	demo: { script: 'scripts/demo.ts', ruby: true, build: true },
	test: { script: 'test/support/run.ts', ruby: true, build: true },
	check: { script: 'scripts/check.ts', ruby: false, build: false },
};

function readJson(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return null;
	}
}

/** Renamed into place: a second bootstrap never reads half a stamp. */
function writeStamp(stamp) {
	const temporary = `${STAMP}.${process.pid}`;
	writeFileSync(temporary, `${JSON.stringify(stamp, null, '\t')}\n`);
	renameSync(temporary, STAMP);
}

/** True when npm's own note of what it unpacked holds every package of the lock, with the lock's digests. */
function lockIsInstalled() {
	const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages ?? {};
	const present = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
	if (!present || !existsSync(NODE)) return false;
	return Object.entries(wanted).every(
		([path, entry]) => path === '' || entry.optional || present[path]?.integrity === entry.integrity,
	);
}

/** Quiet: on an old Node npm would warn of every package that wants a newer one. */
function npm(node, ...args) {
	const cli = process.env.npm_execpath;
	const argv = [...(cli ? [node, cli] : ['npm']), ...args, '--no-audit', '--no-fund', '--loglevel=error'];
	// A distribution's npm keeps its libraries beside it, where only the distribution's own Node looks.
	const env = cli ? { ...process.env, NODE_PATH: join(dirname(cli), '..', '..') } : process.env;
	return spawnSync(argv[0], argv.slice(1), { cwd: ROOT, env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Engines that the packages ask for; npm leaves out optional ones, such as native parts, on an older Node. */
function isOldNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	return major < 22 || (major === 22 && minor < 13);
}

function installPackages() {
	say('installing npm packages (npm ci)');
	const ci = npm(process.execPath, 'ci');
	if (ci.status !== 0) {
		// npm ci also refuses a lock without the optional packages of other platforms, as npm writes it
		// against a mirror that lacks them. A plain install accepts it, and the digests are checked below.
		say('npm ci refused the lock; trying npm install --no-save');
		npm(process.execPath, 'install', '--no-save');
	}
	// Now that a newer Node is here, npm on it adds what the machine's Node made it leave out.
	if (isOldNode() && existsSync(NODE)) npm(NODE, 'install', '--no-save');
	if (lockIsInstalled()) return;
	const advice = 'node_modules does not hold what package-lock.json asks for. By hand: npm ci && npm rebuild node';
	throw new Missing(`${advice}\n${ci.stderr ?? ci.error}`);
}

function ensurePackages(stamp) {
	const lock = createHash('sha256')
		.update(readFileSync(join(ROOT, 'package-lock.json')))
		.digest('hex');
	if (stamp.lock === lock && existsSync(NODE)) return;
	// A plain `npm install` by hand is as good.
	if (!lockIsInstalled()) installPackages();
	stamp.lock = lock;
	writeStamp(stamp);
}

/** The newest change under a folder or of a file, in milliseconds. */
function newest(path) {
	const { mtimeMs } = statSync(path);
	if (!statSync(path).isDirectory()) return mtimeMs;
	return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function ensureBuilt() {
	const built = join(ROOT, 'dist', 'cli.js');
	const sources = ['src', 'scripts/build.ts', 'package-lock.json'].map((path) => join(ROOT, path));
	if (existsSync(built) && statSync(built).mtimeMs > Math.max(...sources.map(newest))) return;
	const { status } = spawnSync(NODE, [join(ROOT, 'scripts', 'build.ts')], { cwd: ROOT, stdio: ['ignore', 2, 2] });
	if (status !== 0) throw new Missing('the build failed; its output is above');
}

function prepare(target, stamp) {
	ensurePackages(stamp);
	if (target.ruby && ensureToolchain(stamp)) writeStamp(stamp);
	if (target.build) ensureBuilt();
}

/** Children must find Node 24 first: shells remember where they found `node`. */
function run(target, args) {
	const PATH = [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
	const child = spawn(NODE, [join(ROOT, target.script), ...args], {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, PATH },
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		// A terminal sends Ctrl-C to every process by itself; passed on, it would count twice.
		process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
	}
	child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

const [name, ...args] = process.argv.slice(2);
const target = Object.hasOwn(TARGETS, name ?? '') ? TARGETS[name] : null;
if (!target) {
	console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(TARGETS).join('|')} [arguments]`);
	process.exit(2);
}
try {
	prepare(target, readJson(STAMP) ?? {});
} catch (error) {
	if (!(error instanceof Missing)) throw error;
	console.error(`bootstrap: ${error.message}`);
	process.exit(1);
}
run(target, args);
