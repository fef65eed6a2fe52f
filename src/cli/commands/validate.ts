import { ExitCode } from '../exit-code.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { Desired } from '../../model/desired.ts'
import { countOf } from '../../render/words/count-of.ts'
import { showText } from '../../render/words/show-value.ts'
import type { AddCommand } from './add-command.ts'
import { checkOutputs } from '../check-outputs.ts'
import { collect } from '../options/collect.ts'
import { type Format, FORMATS } from '../options/formats.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../options/topology-options.ts'
import { printFileWarnings } from '../output/print-plan.ts'
import { renderRun } from '../output/render-result.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../output/reports.ts'

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
  addTopologyOptions(program.command('validate'))
    .description('check topology files without a broker')
    .option('--format <format>', FINDING_FORMATS.join(', '), 'text')
    .option('--report <format=path>', 'also write the findings in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TopologyFlags & ReportFlags) => {
        const outputs = readOutputs(flags, io, FINDING_FORMATS)
        const files = topologyOptions(paths, flags, io)
        checkOutputs(flags, files)
        return withOutputs('validate', outputs, io, async (write) => {
          const { validate } = await import('../../operations/files/validate.ts')
          const loaded = await validate(files)
          const { desired, findings, sources } = loaded
          if (desired === undefined) throw new InvalidInputError(findings, sources)
          printFileWarnings(loaded, io)
          await write(async (format, style) => {
            const own = await validText(desired, findings, format)
            return (
              own ?? renderRun('validate', { project: desired.project, findings, sources }, format, style, io.secrets)
            )
          })
          return ExitCode.done
        })
      }),
    )
}

/** The formats that say how much the files declare. */
async function validText(desired: Desired, findings: InvalidInputError['findings'], format: Format) {
  if (format === 'text') return summaryText(desired)
  if (format !== 'json') return undefined
  const { validationJson } = await import('../../render/json/validation-json.ts')
  return validationJson(desired, findings)
}

function summaryText({ project, topology, routes }: Desired): string {
  const counts = [
    countOf(topology.exchanges.length, 'exchange'),
    countOf(topology.queues.length, 'queue'),
    countOf(topology.bindings.length, 'binding'),
    countOf(topology.users.length, 'user'),
    countOf(routes.publications.length, 'publication'),
    countOf(routes.subscriptions.length, 'subscription'),
  ]
  return `valid  project ${showText(project)}: ${counts.join(', ')}\n`
}
