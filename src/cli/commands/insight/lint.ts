import { formatLocation } from '../../../diagnostics/location.ts'
import { completeVersion } from '../../../model/broker-version.ts'
import type { LintFinding, LintOptions } from '../../../operations/insight/lint.ts'
import type { LintedRun } from '../../../operations/workspace/lint-runs.ts'
import type { RunResult } from '../../../render/result/command-result.ts'
import type { AddCommand } from '../add-command.ts'
import { addBrokerOptions } from '../../options/connection/broker-options.ts'
import { chooseRuns } from '../../options/chosen-runs.ts'
import { collect } from '../../options/collect.ts'
import { FORMATS } from '../../options/formats.ts'
import { exitCodeOfLint, failOnOf, lintSettingsOf } from '../../options/lint-flags.ts'
import { type SourceFlags, sourceOf } from '../../options/source-options.ts'
import { addTopologyOptions, refuseFileOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { notOfForm, usageError } from '../../options/usage-error.ts'
import { addAllEnvironmentsOption, addChangedSinceOption } from '../../options/workspace-flags.ts'
import { checkOutputs } from '../../check-outputs.ts'
import type { Io } from '../../output/io.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import { renderRuns } from '../../output/render-result.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'

const EXAMPLES = `
Examples:
  warren lint topology.yaml
  warren lint topologies/ --fail-on warning
  warren lint topologies/ --fix                          # changes the files if a fix is certain
  warren lint topology.yaml --broker-version 3.10.8      # the rules of an older broker
  warren lint topologies/ --report sarif=lint.sarif --report junit=lint.xml
  warren lint --live --vhost orders                      # the objects of a live broker
  warren lint --from definitions.json
`

/** A diff needs a broker to compare with. */
const LINT_FORMATS = FORMATS.filter((format) => format !== 'diff')

interface LintFlags extends TopologyFlags, SourceFlags, ReportFlags {
  readonly vhost?: readonly string[]
  readonly failOn: string
  readonly fix?: true
  readonly brokerVersion?: string
}

/** `warren lint`: rules about routing, message loss, rights and versions, and the rules of a team. */
export const addLintCommand: AddCommand = (program, io, exitWith) => {
  const command = program.command('lint')
  addBrokerOptions(addAllEnvironmentsOption(addChangedSinceOption(addTopologyOptions(command))))
    .description('find probable mistakes in topology files, on a live broker, or in its definitions')
    .option('--live', 'lint the live broker instead of files; --vhost NAME then chooses a vhost')
    .option('--from <file>', 'lint definitions that a broker exported instead of files')
    .option('--fix', 'change the files if a fix is certain, and print each change')
    .option(
      '--fail-on <severity>',
      'exit with 3 for findings of this severity or higher: error, warning or never',
      'error',
    )
    .option(
      '--broker-version <version>',
      'use the rules of this RabbitMQ version (default: that of the broker, else the newest)',
    )
    .option('--format <format>', LINT_FORMATS.join(', '), 'text')
    .option('--report <format=path>', 'also write the findings in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: LintFlags) => {
        const outputs = readOutputs(flags, io, LINT_FORMATS)
        const failOn = failOnOf(flags.failOn)
        const version = versionOf(flags.brokerVersion)
        return withOutputs('lint', outputs, io, async (write) => {
          const linted = await (flags.fix ? fixAll : lintAll)(paths, flags, version, io)
          const { lintText } = await import('../../../render/lint/lint-text.ts')
          const { lintJson } = await import('../../../render/lint/lint-json.ts')
          for (const run of linted) printFileWarnings({ findings: run.warnings, sources: run.sources }, io)
          await write(async (format, style) => {
            if (format === 'text') return linted.map((run) => lintText(run, run.sources, style)).join('\n')
            if (format === 'json') return lintJson(linted)
            return renderRuns({ command: 'lint', runs: linted.map(resultOf) }, format, io.secrets)
          })
          return exitCodeOfLint(
            linted.flatMap(({ findings }) => findings),
            failOn,
          )
        })
      }),
    )
}

/** The broker version that the rules assume; `4.3` means the release of that series that the rules were tested with. */
function versionOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const version = completeVersion(given)
  if (version === undefined) throw notOfForm('--broker-version', 'MAJOR.MINOR.PATCH', '--broker-version 4.3.6')
  return version
}

async function lintAll(
  paths: readonly string[],
  flags: LintFlags,
  version: string | undefined,
  io: Io,
): Promise<readonly LintedRun[]> {
  const settings = await lintSettingsOf(flags, io)
  const judged = { settings, ...(version !== undefined && { brokerVersion: version }) }
  if (flags.live === true || flags.from !== undefined) {
    if (paths.length > 0) {
      throw usageError('one run lints either files or a broker', 'leave out the files, or --live and --from')
    }
    refuseFileOptions(flags, flags.live === true ? '--live' : '--from')
    const options: LintOptions = { ...(await sourceOf(flags, io)), ...judged }
    const { lint } = await import('../../../operations/insight/lint.ts')
    return [await lint(options)]
  }
  const runs = (await chooseRuns(paths, flags, io, 'all')).map(({ files }) => files)
  for (const files of runs) checkOutputs(flags, files)
  const { lintRuns } = await import('../../../operations/workspace/lint-runs.ts')
  return withoutUsedElsewhere(await lintRuns({ runs, ...judged, secrets: io.secrets }))
}

/** The maximum number of rounds of fixes: a fix may cause a new finding, such as a comment that is no longer needed. */
const MOST_ROUNDS = 10

/** Applies certain fixes until there are none, and then lints the files. */
async function fixAll(paths: readonly string[], flags: LintFlags, version: string | undefined, io: Io) {
  if (flags.live === true || flags.from !== undefined || paths.includes('-')) {
    throw usageError('--fix changes files, and there are none', 'leave out --fix, or name files')
  }
  const { fixLint } = await import('../../../operations/insight/lint-fixes.ts')
  for (let round = 1; ; round += 1) {
    const linted = await lintAll(paths, flags, version, io)
    const { texts, fixed } = fixLint(linted)
    if (fixed.length === 0 || round > MOST_ROUNDS) return linted
    for (const [path, text] of texts) io.rewrite(path, text)
    for (const { location, done, rule } of fixed) io.err(`${formatLocation(location)}  fixed: ${done}  ${rule}\n`)
  }
}

/**
 * A comment or an entry of the config is unused only if no run uses it, because several runs may read the same file.
 */
function withoutUsedElsewhere(runs: readonly LintedRun[]): readonly LintedRun[] {
  if (runs.length < 2) return runs
  const counts = new Map<string, number>()
  for (const { findings } of runs) {
    for (const each of findings.filter(isUnused)) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1)
  }
  const readers = ({ location }: LintFinding) =>
    location === undefined ? runs.length : runs.filter(({ sources }) => sources.has(location.file)).length
  const isKept = (each: LintFinding) => !isUnused(each) || counts.get(keyOf(each)) === readers(each)
  return runs.map((run) => ({ ...run, findings: run.findings.filter(isKept) }))
}

function isUnused({ rule }: LintFinding): boolean {
  return rule === 'unused-ignore'
}

function keyOf({ message, location }: LintFinding): string {
  return JSON.stringify([message, location?.file, location?.line])
}

function resultOf({ environment, project, warnings, findings, sources }: LintedRun): RunResult {
  return {
    ...(environment !== undefined && { environment }),
    ...(project !== undefined && { project }),
    findings: warnings,
    lint: findings,
    sources,
  }
}
