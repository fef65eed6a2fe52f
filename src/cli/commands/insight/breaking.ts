import type { BreakingReport } from '../../../operations/insight/breaking.ts'
import type { RunResult } from '../../../render/result/command-result.ts'
import { ExitCode } from '../../exit-code.ts'
import { chooseRun } from '../../options/chosen-runs.ts'
import { collect } from '../../options/collect.ts'
import type { Format } from '../../options/formats.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { notOfForm } from '../../options/usage-error.ts'
import { renderDocument } from '../../output/render-result.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren breaking topology.yaml --against main              # the files at a commit, branch or tag
  warren breaking topology.yaml --against deployed/         # a folder with the earlier files
  warren breaking topology.yaml --against topology.json     # what warren compile made
  warren breaking topology.yaml --against definitions.json  # what a broker exported
  warren breaking topology.yaml --against main --with shipping.json
  warren breaking topology.yaml --against main --allow 'queue-removed:shop/old=it has no consumers since May'
`

interface BreakingFlags extends TopologyFlags, ReportFlags {
  readonly against: string
  readonly with?: readonly string[]
  readonly allow?: readonly string[]
  readonly brokerVersion?: string
}

const BREAKING_FORMATS: readonly Format[] = ['text', 'json', 'markdown', 'github', 'sarif']

/** `warren breaking`: the effects of a change of topology files on the programs that use it. */
export const addBreakingCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('breaking'))
    .description('compare topology files with an earlier version: what breaks for programs')
    .requiredOption('--against <version>', 'a commit, a folder, a compiled topology or a definitions file')
    .option('--with <file>', 'the compiled topology of another project that uses this one; repeatable', collect)
    .option('--allow <id=reason>', 'accept this finding, with a reason; repeatable', collect)
    .option('--broker-version <version>', 'the version of the broker (default: the newest that warren knows)')
    .option('--format <format>', BREAKING_FORMATS.join(', '), 'text')
    .option('--report <format=path>', 'also write the result in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: BreakingFlags) => {
        const outputs = readOutputs(flags, io, BREAKING_FORMATS)
        const allow = Object.fromEntries((flags.allow ?? []).map(readAllowance))
        const { files } = await chooseRun(paths, flags, io)
        return withOutputs('breaking', outputs, io, async (write) => {
          const { breaking, isBreaking } = await import('../../../operations/insight/breaking.ts')
          const report = await breaking({
            ...files,
            against: flags.against,
            with: flags.with ?? [],
            allow,
            ...(flags.brokerVersion !== undefined && { brokerVersion: flags.brokerVersion }),
          })
          const { formatBreaking } = await import('../../../render/formats/format-breaking.ts')
          const { breakingText } = await import('../../../render/breaking/breaking-text.ts')
          await write(async (format, style) => {
            if (format === 'text') return breakingText(report, style)
            if (format === 'json') return formatBreaking(report, { format })
            const run = resultOf(report)
            return renderDocument({ command: 'breaking', runs: [run] }, format as 'markdown', io.secrets)
          })
          return isBreaking(report) ? ExitCode.changesPending : ExitCode.done
        })
      }),
    )
}

/** An id contains no `=`, so the reason begins after the first one. */
function readAllowance(text: string): readonly [string, string] {
  const [id = '', ...reason] = text.split('=')
  if (id === '' || reason.join('=').trim() === '') {
    throw notOfForm('--allow', 'ID=REASON', "--allow 'queue-removed:shop/old=it has no consumers'")
  }
  return [id, reason.join('=')]
}

const SEVERITIES = { breaking: 'error', risky: 'warning', safe: 'note' } as const

function resultOf({ project, changes }: BreakingReport): RunResult {
  return {
    project,
    findings: [],
    sources: new Map(),
    changesForUsers: changes.map(({ rule, class: kind, address, reason, remedy, allowed, location }) => ({
      severity: allowed === undefined ? SEVERITIES[kind] : 'note',
      code: rule,
      message: `${address}: ${reason}`,
      ...(remedy !== '' && { hint: remedy }),
      address,
      ...(location && { location }),
    })),
  }
}
