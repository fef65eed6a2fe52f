import type { ErrorCode } from '../../../diagnostics/error-code.ts'
import type { Explanation } from '../../../render/explanations-text.ts'
import { ExitCode, exitCodeFor } from '../../exit-code.ts'
import { oneOf } from '../../options/one-of.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren explain duplicate-key       # a finding
  warren explain STALE_PLAN          # an error
  warren explain dead-letter-cycle   # a rule of warren lint
  warren explain queue-redeclared    # a rule of warren breaking
  warren explain                     # all codes
`

/** `warren explain`: the meaning of a code or a rule, and what to do about it. */
export const addExplainCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('explain')
    .argument('[code]', 'a code or a rule, as in the output of warren (default: list all codes)')
    .description('explain a rule, or the code of a finding, an error, a block or a remark')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (code: string | undefined, flags: { readonly format: string }) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const { explain } = await import('../../../operations/files/explain.ts')
        const { explanationsText } = await import('../../../render/explanations-text.ts')
        const explanations = explain(code).map(withExitCode)
        io.out(
          format === 'json'
            ? `${JSON.stringify({ format: 1, explanations }, undefined, 2)}\n`
            : explanationsText(explanations, io.outStyle),
        )
        return ExitCode.done
      }),
    )
}

/**
 * Adds the exit codes, which the library does not have. Warnings, notes and remarks have none, because they stop
 * nothing.
 */
function withExitCode(explanation: Explanation): Explanation {
  const { kind, code } = explanation
  switch (kind) {
    case 'error':
      return { ...explanation, exitCode: exitCodeFor(code as ErrorCode) }
    case 'finding':
      return { ...explanation, exitCode: ExitCode.invalidInput }
    case 'block':
      return { ...explanation, exitCode: ExitCode.blocked }
    case 'warning':
    case 'note':
    case 'remark':
    case 'lint':
    case 'breaking':
      return explanation
  }
}
