import { ExitCode } from '../exit-code.ts'
import { oneOf } from '../options/one-of.ts'
import { renderPlan } from '../output/print-plan.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren plan topology.yaml --out plan.json
  warren show plan.json
  warren show plan.json --format diff
`

/** `warren show`: a saved plan again, also one that no longer fits the broker. */
export const addShowCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('show')
    .argument('<plan>', 'a plan that was saved by: warren plan --out FILE; - for standard input')
    .description('print a saved plan again')
    .option('--format <format>', 'text, diff or json', 'text')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (path: string, flags: { readonly format: string }) => {
        const format = oneOf('--format', flags.format, ['text', 'diff', 'json'])
        const { show } = await import('../../operations/change/show.ts')
        const plan = await show(path, io.readInput)
        const planned = { plan, findings: [], sources: new Map<string, string>() }
        io.out(await renderPlan(planned, format, io.outStyle))
        return ExitCode.done
      }),
    )
}
