import { ExitCode } from '../exit-code.ts'
import { FORMAT_LIST } from '../options/formats.ts'
import { readOutputs, type RenderResult, type ReportFlags, withOutputs } from '../output/reports.ts'
import { renderRun, renderRuns } from '../output/render-result.ts'
import { collect } from '../options/collect.ts'
import { checkOutputs } from '../check-outputs.ts'
import type { Io } from '../output/io.ts'
import { runsText } from '../output/runs-text.ts'
import { planFolderAt } from '../output/save-plans.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren plan topology.yaml --out plan.json
  warren show plan.json
  warren show plan.json --format diff
  warren show plan.json --format markdown           # for a comment on a pull request
  warren show plans                                 # the plans of a folder, saved by: warren plan -e prod --out plans
`

/** `warren show`: prints saved plans again, including those that no longer fit the broker. */
export const addShowCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('show')
    .argument('<plan>', 'a plan or a folder of plans, saved by: warren plan --out PATH; - for standard input')
    .description('print a saved plan, or a folder of them, again')
    .option('--format <format>', FORMAT_LIST, 'text')
    .option('--report <format=path>', 'also write the plan in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (path: string, flags: ReportFlags) => {
        checkOutputs(flags, { paths: [path] })
        const outputs = readOutputs(flags, io)
        return withOutputs('plan', outputs, io, async (write) => {
          const folder = planFolderAt([path])
          if (folder !== undefined) return showFolder(folder, write, io)
          const { show } = await import('../../operations/change/show.ts')
          const planned = { plan: await show(path, io.readInput), findings: [], sources: new Map<string, string>() }
          await write((format, style) => renderRun('plan', planned, format, style, io.secrets))
          return ExitCode.done
        })
      }),
    )
}

/** The plans of a folder, in the form in which the plan of several runs printed them. */
async function showFolder(folder: string, write: (render: RenderResult) => Promise<void>, io: Io): Promise<ExitCode> {
  const { readSavedRuns } = await import('../../operations/saved/saved-runs.ts')
  const { digest, plans } = await readSavedRuns(folder)
  const runs = plans.map((plan) => ({
    ...(plan.environment && { environment: plan.environment.name }),
    project: plan.project,
    plan,
    findings: [],
    sources: new Map<string, string>(),
    exitCode: ExitCode.done,
  }))
  const result = { command: 'plan', exitCode: ExitCode.done, runs, digest }
  await write((format, style) =>
    format === 'text' ? runsText(result, style, io) : renderRuns(result, format, io.secrets),
  )
  return ExitCode.done
}
