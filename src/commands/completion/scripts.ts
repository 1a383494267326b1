/** The shells that can complete this command line. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Each script hands the words up to the cursor to `slipway complete`, as they are and without an `eval`, and
 * shows the answer: a candidate a line, and after a tab what it means. No answer means file names.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
	// Plain bash of any age: nothing of the bash-completion package is used. A colon breaks words in
	// bash, so the words are put together again (task ids have colons), and the answer is cut to what
	// stands after the last break.
	bash: `# bash completion of slipway: source <(slipway completion bash)
_slipway() {
	local IFS=$'\\n' line=\${COMP_LINE:0:COMP_POINT} word='' candidate i
	local -a words=()
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=\${COMP_WORDS[i]}
		if [[ \${#words[@]} -gt 0 && ( $word == [:=]* || \${words[\${#words[@]} - 1]} == *[:=] ) && $line != *" $word" ]]; then
			words[\${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
	done
	local current=\${words[\${#words[@]} - 1]} breaks='' cut=''
	[[ $COMP_WORDBREAKS == *:* ]] && breaks+=:
	[[ $COMP_WORDBREAKS == *=* ]] && breaks+==
	[[ -n $breaks ]] && cut=\${current%"\${current##*[$breaks]}"}
	COMPREPLY=()
	while read -r candidate; do
		candidate=\${candidate%%$'\\t'*}
		[[ -n $candidate ]] && COMPREPLY+=("\${candidate#"$cut"}")
	done < <(slipway complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _slipway slipway
`,
	zsh: `#compdef slipway
# zsh completion of slipway: source <(slipway completion zsh)
_slipway() {
	local line
	local -a found
	while IFS= read -r line; do
		[[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
	done < <(slipway complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
	if (( \${#found} )); then
		_describe -V slipway found
	else
		_files
	fi
}
compdef _slipway slipway
`,
	fish: `# fish completion of slipway: slipway completion fish | source
function __slipway_complete
	set -l words (commandline --tokenize --current-process --cut-at-cursor)
	set -l found (slipway complete -- $words[2..] (commandline --current-token --cut-at-cursor) 2>/dev/null)
	if test (count $found) -gt 0
		printf '%s\\n' $found
	else
		__fish_complete_path (commandline --current-token)
	end
end
complete --command slipway --no-files --arguments '(__slipway_complete)'
`,
};
