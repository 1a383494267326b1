import type { Layout } from './layout.ts';

/**
 * `rig/step COMMAND REPO [SHA]`: what every script of the fleet does first. It notes that the command
 * ran, waits while a test holds it (a FIFO: no polling), and fails when a test told it to.
 */
export function stepProgram(layout: Layout): string {
	return `#!/bin/sh
set -eu
at="${layout.rig}/$2-$1"
sha="\${3:-$(git rev-parse HEAD)}"
printf '{"command":"%s","repo":"%s","sha":"%s"}\\n' "$1" "$2" "$sha" >> "${layout.rig}/commands.ndjson"
if [ -p "$at.hold" ]; then read -r _ < "$at.hold" || :; fi
if [ -f "$at.fail" ]; then cat "$at.fail" >&2; exit 1; fi
`;
}

/** `rig/go-live ENVIRONMENT APP SHA`: makes a commit the live one. */
export function goLiveProgram(layout: Layout): string {
	return `#!/bin/sh
set -eu
printf '{"sha":"%s","at":"%s"}\\n' "$3" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >> "${layout.live}/$1-$2.ndjson"
`;
}

/** `rig/live APP`: prints the SHA that is live in production; nothing before the first deploy. */
export function liveProgram(layout: Layout): string {
	return `#!/bin/sh
set -eu
file="${layout.live}/production-$1.ndjson"
if [ -f "$file" ]; then tail -n 1 "$file" | sed 's/.*"sha":"\\([0-9a-f]*\\)".*/\\1/'; fi
`;
}

/** A check that only notes that it ran: release_check of a gem, qa_test_cmd of an app. */
export function checkScript(layout: Layout, command: string, repo: string): string {
	return `#!/bin/sh
exec "${layout.rig}/step" ${command} ${repo}
`;
}

/** test_cmd of an app: refuses a lock that still points at someone's branch or folder. */
export function testScript(layout: Layout, app: string): string {
	return `#!/bin/sh
set -eu
"${layout.rig}/step" test ${app}
if grep -Eq '^(GIT|PATH)$' Gemfile.lock; then
	echo "Gemfile.lock still holds gems from git or from a folder" >&2
	exit 1
fi
echo "${app}: all green"
`;
}

/** bin/deploy of an app that deploys by script: `bin/deploy [production|qa]`. */
export function deployScript(layout: Layout, app: string): string {
	return `#!/bin/sh
set -eu
environment="\${1:-production}"
if [ "$environment" = production ]; then step=deploy; else step="$environment-deploy"; fi
"${layout.rig}/step" "$step" ${app}
if [ -n "$(git status --porcelain)" ]; then
	echo "the tree is not clean" >&2
	exit 1
fi
echo "releasing ${app}"
"${layout.rig}/go-live" "$environment" ${app} "$(git rev-parse HEAD)"
`;
}

/**
 * Hooks of a bare repository that deploys what is pushed to its main. The deploy belongs to the move of
 * the ref: a platform goes on when the client that pushed is gone, and git runs no post-receive then.
 */
export function platformHooks(layout: Layout, environment: string, app: string): Record<string, string> {
	return {
		'pre-receive': `#!/bin/sh
set -eu
read -r _ new _
echo "-----> Building ${app}"
"${layout.rig}/step" ${environment === 'production' ? 'push' : 'qa-push'} ${app} "$new"
`,
		'reference-transaction': `#!/bin/sh
set -eu
[ "$1" = committed ] || exit 0
while read -r _ new ref; do
	if [ "$ref" = refs/heads/main ]; then "${layout.rig}/go-live" ${environment} ${app} "$new"; fi
done
`,
		'post-receive': `#!/bin/sh
echo "-----> Launched ${app}"
`,
	};
}
