/** How the page of a run looks: system fonts, the person's own colour scheme, and fit for paper. */
export const PAGE_STYLE = `
:root {
	color-scheme: light dark;
	--page: #f6f7f9; --card: #ffffff; --text: #1c2430; --soft: #5b6675; --line: #dde2e9;
	--done: #15803d; --failed: #c01530; --warn: #9a5b00; --unknown: #7e22ce; --running: #1d5fd0;
}
@media (prefers-color-scheme: dark) {
	:root {
		--page: #12161c; --card: #1a2029; --text: #e4e9f0; --soft: #98a4b3; --line: #2c3542;
		--done: #4ade80; --failed: #ff7a8f; --warn: #f5b84b; --unknown: #d0a2ff; --running: #7db1ff;
	}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.92em; overflow-wrap: anywhere; }
h1 { margin: 0 0 0.75rem; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 0.5rem; font-size: 1rem; color: var(--soft); }
header { padding: 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 8px; }
.outcome { color: var(--tone); }
.done { --tone: var(--done); } .failed { --tone: var(--failed); } .cancelled { --tone: var(--warn); }
.killed, .began { --tone: var(--unknown); } .running { --tone: var(--running); }
.skipped, .not_started { --tone: var(--soft); }
dl { display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; margin: 0; }
dt { display: inline; color: var(--soft); } dt::after { content: ' '; }
dd { display: inline; margin: 0; overflow-wrap: anywhere; }
ul:has(.wide) { columns: auto; }
li { break-inside: avoid; }
.resume { margin: 1rem 0 0; }
ul { columns: 16rem; margin: 0; padding: 0.5rem 1.5rem 0.5rem 2.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.task { background: var(--card); border: 1px solid var(--line); border-top-width: 0; padding: 0 1rem; }
.task:first-of-type { border-top-width: 1px; border-radius: 8px 8px 0 0; }
.task:last-of-type { border-radius: 0 0 8px 8px; }
summary { display: grid; grid-template-columns: 1.25rem minmax(8rem, 15rem) 1fr 7rem 6rem; gap: 0.75rem; align-items: baseline; padding: 0.4rem 0; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.glyph { color: var(--tone); font-weight: 700; text-align: center; }
.note { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
[open] .note { white-space: normal; }
.bar { position: relative; height: 0.5rem; align-self: center; background: var(--page); border-radius: 3px; overflow: hidden; }
.bar i { position: absolute; top: 0; bottom: 0; min-width: 2px; background: var(--tone); border-radius: 3px; }
.time { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
.task dl { display: grid; gap: 0.15rem; padding: 0 0 0.75rem 2rem; }
.task dl div { display: grid; grid-template-columns: 5rem 1fr; gap: 0.75rem; }
.finding, .hint { margin: 0.25rem 0 0.25rem 2rem; } .finding b { color: var(--tone); }
.hint { padding-bottom: 0.75rem; color: var(--soft); } .hint::before { content: 'hint: '; font-weight: 600; }
pre { margin: 0.25rem 0 0.5rem 2rem; padding: 0.75rem; background: var(--page); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
@media (max-width: 45rem) { summary { grid-template-columns: 1.25rem 1fr auto; } .note, .bar { display: none; } }
@media print { body { background: none; } .task { break-inside: avoid; } }
`;
