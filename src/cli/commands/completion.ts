import { Argument } from 'commander'
import { ExitCode } from '../exit-code.ts'
import { type Shell, SHELLS, shellScript } from '../completion/shell-scripts.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  source <(warren completion bash)                  # in ~/.bashrc
  source <(warren completion zsh)                   # in ~/.zshrc, after compinit
  warren completion fish | source                   # in ~/.config/fish/config.fish
  warren completion powershell | Out-String | Invoke-Expression    # in the file that $PROFILE names
`

/** `warren completion` prints the script for a shell, which calls the hidden `warren complete` for each word. */
export const addCompletionCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .description('print a script that completes commands, options, environments and addresses in a shell')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith((shell: Shell) => {
        io.out(shellScript(shell))
        return Promise.resolve(ExitCode.done)
      }),
    )
  program
    .command('complete', { hidden: true })
    .argument('[words...]', 'a command line up to the cursor')
    .option('--new-word', 'the cursor is after a space')
    .action(
      exitWith(async (words: string[], flags: { readonly newWord?: boolean }) => {
        const { completeWords } = await import('../completion/complete-words.ts')
        const { completionValues } = await import('../completion/completion-values.ts')
        const line = flags.newWord === true ? [...words, ''] : words
        const { candidates, isPath } = await completeWords(program, line, completionValues(io))
        const lines = candidates.map(({ value, description }) =>
          description === undefined ? value : `${value}\t${description}`,
        )
        io.out(`${[isPath ? 'paths' : 'words', ...lines].join('\n')}\n`)
        return ExitCode.done
      }),
    )
}
