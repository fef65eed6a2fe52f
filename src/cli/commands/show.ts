import { ExitCode } from '../exit-code.ts'
import { FORMAT_LIST } from '../options/formats.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../output/reports.ts'
import { renderRun } from '../output/render-result.ts'
import { collect } from '../options/collect.ts'
import { checkOutputs } from '../check-outputs.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren plan topology.yaml --out plan.json
  warren show plan.json
  warren show plan.json --format diff
  warren show plan.json --format markdown           # for a comment on a pull request
`

/** `warren show`: a saved plan again, also one that no longer fits the broker. */
export const addShowCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('show')
    .argument('<plan>', 'a plan that was saved by: warren plan --out FILE; - for standard input')
    .description('print a saved plan again')
    .option('--format <format>', FORMAT_LIST, 'text')
    .option('--report <format=path>', 'also write the plan in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (path: string, flags: ReportFlags) => {
        checkOutputs(flags, { paths: [path] })
        const outputs = readOutputs(flags, io)
        return withOutputs('plan', outputs, io, async (write) => {
          const { show } = await import('../../operations/change/show.ts')
          const planned = { plan: await show(path, io.readInput), findings: [], sources: new Map<string, string>() }
          await write((format, style) => renderRun('plan', planned, format, style, io.secrets))
          return ExitCode.done
        })
      }),
    )
}
