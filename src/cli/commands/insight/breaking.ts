import type { BreakingReport } from '../../../operations/insight/breaking.ts'
import type { RunResult } from '../../../render/result/command-result.ts'
import { ExitCode } from '../../exit-code.ts'
import { type ChosenRun, chooseRuns } from '../../options/chosen-runs.ts'
import { collect } from '../../options/collect.ts'
import type { Format } from '../../options/formats.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { notOfForm } from '../../options/usage-error.ts'
import { addAllEnvironmentsOption } from '../../options/workspace-flags.ts'
import { renderDocument } from '../../output/render-result.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren breaking topology.yaml --against main              # the files at a commit, branch or tag
  warren breaking topology.yaml --against deployed/         # a folder with the earlier files
  warren breaking topology.yaml --against topology.json     # a topology that warren compile wrote
  warren breaking topology.yaml --against definitions.json  # definitions that a broker exported
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
  addAllEnvironmentsOption(addTopologyOptions(program.command('breaking')))
    .description('compare topology files with an earlier version, and list changes that break programs')
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
        const runs = await chooseRuns(paths, flags, io)
        const { ownFilesOf } = await import('../../../operations/workspace/validate-runs.ts')
        const own = await ownFilesOf(runs.map(({ files }) => files))
        const options = own.map((files) => ({
          ...files,
          against: flags.against,
          with: flags.with ?? [],
          allow,
          ...(flags.brokerVersion !== undefined && { brokerVersion: flags.brokerVersion }),
        }))
        return withOutputs('breaking', outputs, io, async (write) => {
          const { breaking, breakingRuns, isBreaking } = await import('../../../operations/insight/breaking.ts')
          const [only, ...more] = options
          const single = only !== undefined && more.length === 0 ? await breaking(only) : undefined
          const reports = single === undefined ? await breakingRuns(options) : [single]
          const { formatBreaking } = await import('../../../render/formats/format-breaking.ts')
          const { breakingText } = await import('../../../render/breaking/breaking-text.ts')
          const shown = reports.map((each, at) => ({ ...inEnvironmentOf(runs[at]), ...each }))
          await write(async (format, style) => {
            if (format === 'text') {
              return shown
                .map(
                  (each) => (single === undefined ? `${style.strong(headOf(each))}\n` : '') + breakingText(each, style),
                )
                .join('\n')
            }
            if (format === 'json') {
              return single === undefined
                ? `${JSON.stringify({ format: 1, runs: shown }, undefined, 2)}\n`
                : formatBreaking(single, { format })
            }
            return renderDocument({ command: 'breaking', runs: shown.map(resultOf) }, format as 'markdown', io.secrets)
          })
          return reports.some(isBreaking) ? ExitCode.changesPending : ExitCode.done
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

/** A report of one of several runs. */
type ReportOfRun = BreakingReport & { readonly environment?: string }

function inEnvironmentOf(run: ChosenRun | undefined): Pick<ReportOfRun, 'environment'> {
  return run?.environment === undefined ? {} : { environment: run.environment.name }
}

function headOf({ project, environment }: ReportOfRun): string {
  return environment === undefined ? project : `${project} in ${environment}`
}

function resultOf({ project, environment, changes }: ReportOfRun): RunResult {
  return {
    project,
    ...(environment !== undefined && { environment }),
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
