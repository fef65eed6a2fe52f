import { ExitCode } from '../../exit-code.ts'
import type { InvalidInputError } from '../../../diagnostics/warren-error.ts'
import type { ValidRun } from '../../../operations/workspace/validate-runs.ts'
import { countOf } from '../../../diagnostics/text/count-of.ts'
import { showText } from '../../../render/words/show-value.ts'
import type { AddCommand } from '../add-command.ts'
import { checkOutputs } from '../../check-outputs.ts'
import { chooseRuns } from '../../options/chosen-runs.ts'
import { collect } from '../../options/collect.ts'
import { type Format, FORMATS } from '../../options/formats.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { addAllEnvironmentsOption, addChangedSinceOption } from '../../options/workspace-flags.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import { renderRun } from '../../output/render-result.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'

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
        return withOutputs('validate', outputs, io, async (write) => {
          const runs = await chooseRuns(paths, flags, io, 'all')
          for (const { files } of runs) checkOutputs(flags, files)
          const { validateRuns } = await import('../../../operations/workspace/validate-runs.ts')
          const { validated, findings, sources } = await validateRuns(runs.map(({ files }) => files))
          printFileWarnings({ findings, sources }, io)
          await write(async (format, style) => {
            const own = await validText(validated, findings, format)
            const project = [...new Set(validated.map(({ desired }) => desired.project))].join(', ')
            return own ?? renderRun('validate', { project, findings, sources }, format, style, io.secrets)
          })
          return ExitCode.done
        })
      }),
    )
}

/** The formats that say how much the files declare. */
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
  const counts = [
    countOf(topology.exchanges.length, 'exchange'),
    countOf(topology.queues.length, 'queue'),
    countOf(topology.bindings.length, 'binding'),
    countOf(topology.users.length, 'user'),
    countOf(routes.publications.length, 'publication'),
    countOf(routes.subscriptions.length, 'subscription'),
  ]
  const where = environment === undefined ? '' : `environment ${showText(environment)}, `
  return `valid  ${where}project ${showText(project)}: ${counts.join(', ')}\n`
}
