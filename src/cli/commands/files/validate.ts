import { ExitCode } from '../../exit-code.ts'
import { hasErrors } from '../../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../../diagnostics/warren-error.ts'
import type { CheckedRun, ValidRun } from '../../../operations/workspace/validate-runs.ts'
import { countOf } from '../../../diagnostics/text/count-of.ts'
import type { RunResult } from '../../../render/result/command-result.ts'
import { showText } from '../../../render/words/show-value.ts'
import type { AddCommand } from '../add-command.ts'
import { checkOutputs } from '../../check-outputs.ts'
import { chooseRuns } from '../../options/chosen-runs.ts'
import { collect } from '../../options/collect.ts'
import { type Format, FORMATS } from '../../options/formats.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { addAllEnvironmentsOption, addChangedSinceOption } from '../../options/workspace-flags.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import { failedRun } from '../../output/failed-run.ts'
import type { Io } from '../../output/io.ts'
import { renderRuns } from '../../output/render-result.ts'
import { readOutputs, type RenderResult, type ReportFlags, withOutputs } from '../../output/reports.ts'
import { isRequest } from '../../../model/routes.ts'

const EXAMPLES = `
Examples:
  warren validate topology.yaml
  warren validate topologies/ --overlay prod.yaml
  warren validate topologies/ --format github                  # annotations in GitHub Actions
  warren validate topologies/ --report sarif=warren.sarif --report junit=warren.xml
`

/** A diff needs a broker to compare with. */
const FINDING_FORMATS = FORMATS.filter((format) => format !== 'diff')

/** `warren validate`: every finding about the files, without a broker. */
export const addValidateCommand: AddCommand = (program, io, exitWith) => {
  addAllEnvironmentsOption(addChangedSinceOption(addTopologyOptions(program.command('validate'))))
    .description('check topology files without a broker')
    .option('--format <format>', FINDING_FORMATS.join(', '), 'text')
    .option('--report <format=path>', 'also write the findings in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TopologyFlags & ReportFlags) => {
        const outputs = readOutputs(flags, io, FINDING_FORMATS)
        let results: readonly RunResult[] = []
        const validateAll = async (write: (render: RenderResult) => Promise<void>) => {
          const runs = await chooseRuns(paths, flags, io, 'all')
          for (const { files } of runs) checkOutputs(flags, files)
          const { checkRuns, requireValid } = await import('../../../operations/workspace/validate-runs.ts')
          const checked = await checkRuns(runs.map(({ files }) => files))
          results = checked.map((run, index) => resultOf(run, runs[index]?.project))
          const { validated, findings, sources } = requireValid(checked)
          printFileWarnings({ findings, sources }, io)
          await write(
            async (format) => (await validText(validated, findings, format)) ?? documentOf(results, format, io),
          )
          return hasErrors(findings) ? ExitCode.invalidInput : ExitCode.done
        }
        return withOutputs('validate', outputs, io, validateAll, async (_error, format) =>
          results.length > 1 && format !== 'json' && format !== 'text' ? documentOf(results, format, io) : undefined,
        )
      }),
    )
}

function resultOf({ desired, environment, findings, sources }: CheckedRun, configured: string | undefined): RunResult {
  const project = desired?.project ?? configured
  const failed = desired === undefined ? failedRun(new InvalidInputError(findings, sources)) : { findings, sources }
  return { ...failed, ...(environment !== undefined && { environment }), ...(project !== undefined && { project }) }
}

/** One document with a section for each run. */
async function documentOf(runs: readonly RunResult[], format: Format, io: Io): Promise<string> {
  return renderRuns({ command: 'validate', runs }, format as Exclude<Format, 'text'>, io.secrets)
}

/** The formats that include the numbers of declared objects. */
async function validText(validated: readonly ValidRun[], findings: InvalidInputError['findings'], format: Format) {
  if (format === 'text') return validated.map(summaryText).join('')
  if (format !== 'json') return undefined
  const { validationJson, validationsJson } = await import('../../../render/json/validation-json.ts')
  const [first, ...others] = validated
  return first !== undefined && others.length === 0
    ? validationJson(first.desired, findings)
    : validationsJson(validated, findings)
}

function summaryText({ environment, desired: { project, topology, routes } }: ValidRun): string {
  const requests = routes.publications.filter(isRequest).length
  const counts = [
    countOf(topology.exchanges.length, 'exchange'),
    countOf(topology.queues.length, 'queue'),
    countOf(topology.bindings.length, 'binding'),
    countOf(topology.users.length, 'user'),
    countOf(routes.publications.length - requests, 'publication'),
    ...(requests > 0 ? [countOf(requests, 'request')] : []),
    countOf(routes.subscriptions.length, 'subscription'),
  ]
  const where = environment === undefined ? '' : `environment ${showText(environment)}, `
  return `valid  ${where}project ${showText(project)}: ${counts.join(', ')}\n`
}
