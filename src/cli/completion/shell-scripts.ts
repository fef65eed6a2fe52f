export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

export type Shell = (typeof SHELLS)[number]

/*
 * Each script passes the words before the cursor to `warren complete`. This prints `paths` or `words`, and then one
 * candidate on each line, with its description after a tab. No script evaluates the typed text.
 */

/**
 * Does not need the package `bash-completion`. Bash splits words at `:` and `=`, which addresses contain, so the same
 * part is removed from the candidates.
 */
const BASH = String.raw`# bash completion for warren: source <(warren completion bash)
_warren() {
  local line=${'$'}{COMP_LINE:0:COMP_POINT} words word kind value cut= tab=$'\t'
  read -ra words <<<"$line"
  if [[ $line == *[[:space:]] ]]; then words+=(''); fi
  word=${'$'}{words[-1]}
  local mark
  for mark in : =; do
    if [[ $COMP_WORDBREAKS == *$mark* && $word == *$mark* ]]; then
      local until=${'$'}{word%"$mark"*}$mark
      if (( ${'$'}{#until} > ${'$'}{#cut} )); then cut=$until; fi
    fi
  done
  COMPREPLY=()
  {
    read -r kind
    while IFS= read -r value; do
      value=${'$'}{value%%"$tab"*}
      COMPREPLY+=("${'$'}{value#"$cut"}")
    done
  } < <(warren complete -- "${'$'}{words[@]:1}" 2>/dev/null)
  if [[ $kind != paths ]]; then compopt +o default 2>/dev/null; fi
  if [[ ${'$'}{#COMPREPLY[@]} == 1 && ${'$'}{COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _warren warren
`

const ZSH = String.raw`#compdef warren
# zsh completion for warren: source <(warren completion zsh), after compinit
_warren() {
  local -a lines open closed
  local line value
  lines=("${'$'}{(@f)$(warren complete -- "${'$'}{(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "${'$'}{(@)lines[2,-1]}"; do
    value=${'$'}{line%%$'\t'*}
    [[ $line == *$'\t'* ]] && line="${'$'}{value//:/\\:}:${'$'}{line#*$'\t'}" || line=${'$'}{value//:/\\:}
    if [[ $value == *= ]]; then open+=("$line"); else closed+=("$line"); fi
  done
  (( ${'$'}#closed )) && _describe 'warren' closed
  (( ${'$'}#open )) && _describe 'warren' open -S ''
  if [[ $lines[1] == paths ]]; then
    compset -P '*='
    _files
  fi
}
if [[ $funcstack[1] == _warren ]]; then _warren "$@"; else compdef _warren warren; fi
`

const FISH = String.raw`# fish completion for warren: warren completion fish | source
function __warren_complete
  set -l words (commandline -opc)
  set -l word (commandline -ct)
  set -l lines (warren complete -- $words[2..-1] "$word" 2>/dev/null)
  for line in $lines[2..-1]
    echo $line
  end
  if test "$lines[1]" = paths
    __fish_complete_path "$word"
  end
end
complete -c warren -f -a '(__warren_complete)'
`

/** Older versions of PowerShell pass no empty words to programs, hence the option. */
const POWERSHELL = String.raw`# PowerShell completion for warren: warren completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName warren -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
    Select-Object -Skip 1 |
    ForEach-Object { $_.ToString().Trim([char[]]"'""") })
  $options = @()
  if ($wordToComplete -eq '') { $options += '--new-word' }
  $lines = @(& warren complete @options -- @words 2>$null)
  $lines | Select-Object -Skip 1 | ForEach-Object {
    $value, $description = $_ -split "${'`'}t", 2
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
  }
}
`

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL }

/** The script that makes a shell complete the command lines of warren. */
export function shellScript(shell: Shell): string {
  return SCRIPTS[shell]
}
