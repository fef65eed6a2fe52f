import type { AppliedRun } from '../operations/workspace/apply-runs.ts'
import type { PlannedRuns } from '../operations/workspace/plan-runs.ts'
import type { BrokerFlags } from './options/broker-options.ts'
import { brokerOf, type ChosenRun } from './options/chosen-runs.ts'
import { type ModeFlags, modeOptions } from './options/mode-flags.ts'
import { areEnvironmentsConfirmed, confirmRuns } from './terminal/confirm.ts'
import { ExitCode } from './exit-code.ts'
import { exitCodeOfExecutedRuns, hasChanged } from './exit-code-of-runs.ts'
import { exitCodeOf, type ExecuteFlags, inEnvironment, parallelismOf } from './run-apply.ts'
import type { Io } from './output/io.ts'
import { printError } from './output/print-error.ts'
import { printPlan } from './output/print-plan.ts'
import { readOutputs } from './output/reports.ts'
import { refuseForSeveralEnvironments } from './plan-several.ts'
import { showProgress } from './terminal/progress.ts'
import { type StopSignal, stopOnSignal } from './terminal/stop-on-signal.ts'
import { usageError } from './options/usage-error.ts'
import type { TopologyFlags } from './options/topology-options.ts'
import { reportText } from '../render/text/report-text.ts'
import { runsTable } from '../render/text/runs-table.ts'

export interface ApplySeveralFlags extends TopologyFlags, BrokerFlags, ModeFlags, ExecuteFlags {
  readonly confirm?: readonly string[]
  readonly expectDigest?: string
  readonly keepGoing?: boolean
}

/** Applies or destroys several projects in several environments: all plans, one question, and a table at the end. */
export async function applySeveral(
  command: 'apply' | 'destroy',
  chosen: readonly ChosenRun[],
  flags: ApplySeveralFlags,
  io: Io,
): Promise<ExitCode> {
  refuseForSeveralPlans(flags, io)
  refuseForSeveralEnvironments(chosen, flags)
  if (!areEnvironmentsConfirmed(chosen, flags.confirm, io)) return ExitCode.notConfirmed
  const runs = []
  for (const run of chosen) {
    const broker = await brokerOf(run, flags, io)
    const pace = parallelismOf(inEnvironment(flags, run.environment))
    runs.push({ ...run.files, ...modeOptions(flags, run.environment), ...broker, ...pace })
  }
  const { applyRuns, destroyRuns } = await import('../operations/workspace/apply-runs.ts')
  const stop = stopOnSignal(io, () => undefined)
  const progress = showProgress(io)
  const printed = new Map<unknown, ExitCode>()
  let isShown = false
  const show = async (planned: PlannedRuns) => {
    isShown = true
    await showPlans(planned, io)
    for (const { error } of planned.runs) if (error !== undefined) printed.set(error, printError(error, io))
  }
  try {
    const { runs: applied, digest } = await (command === 'apply' ? applyRuns : destroyRuns)({
      runs,
      secrets: io.secrets,
      signal: stop.signal,
      onOutcome: progress.onOutcome,
      onProgress: progress.onProgress,
      keepGoing: flags.keepGoing === true,
      ...(flags.expectDigest !== undefined && { expectDigest: flags.expectDigest }),
      confirm: async (planned) => {
        await show(planned)
        const isConfirmed = await confirmRuns(command, planned, flags, io)
        if (isConfirmed) stop.listen()
        return isConfirmed
      },
    })
    progress.end()
    if (!isShown) await show({ runs: applied, ...(digest !== undefined && { digest }) })
    return showOutcomes(applied, { stop, printed }, io)
  } finally {
    stop.dispose()
  }
}

/** An apply of several runs is printed as text only, and is undone by no single plan. */
function refuseForSeveralPlans(flags: ApplySeveralFlags, io: Io): void {
  const format = readOutputs(flags, io).find((each) => each.format !== 'text')?.format
  const needless =
    flags.outUndo !== undefined ? '--out-undo' : format === undefined ? undefined : `the format ${format}`
  if (needless === undefined) return
  throw usageError(
    `${needless} takes one plan, and several are made`,
    'choose one project and one environment with --project NAME and --environment NAME, or save the plans with --out',
  )
}

async function showPlans({ runs, digest }: PlannedRuns, io: Io): Promise<void> {
  for (const { planned } of runs) {
    if (planned === undefined) continue
    await printPlan(planned, io)
    io.out('\n')
  }
  if (digest !== undefined) io.out(`${io.outStyle.strong('Digest')}   ${digest} of all runs\n`)
}

function showOutcomes(
  runs: readonly AppliedRun[],
  { stop, printed }: { readonly stop: StopSignal; readonly printed: ReadonlyMap<unknown, ExitCode> },
  io: Io,
): ExitCode {
  const ended = runs.map(({ environment, project, planned, applied, error, skipped }) => {
    const name = environment === undefined ? project : `${environment}  ${project}`
    if (applied?.report) io.out(`\n${io.outStyle.strong(name)}\n${reportText(applied.report, io.outStyle)}`)
    const exitCode = skipped
      ? undefined
      : applied
        ? exitCodeOf(applied, stop)
        : (printed.get(error) ?? printError(error, io))
    return {
      ...(environment !== undefined && { environment }),
      project,
      ...(planned && { plan: planned.plan }),
      ...(exitCode !== undefined && { exitCode }),
    }
  })
  if (runs.some(({ applied }) => applied?.stopped === 'not-confirmed')) io.err('Nothing was done.\n')
  io.out(`\n${runsTable(ended)}\n`)
  return exitCodeOfExecutedRuns(
    ended.map(({ exitCode }, at) => ({
      ...(exitCode !== undefined && { exitCode }),
      hasChanged: hasChanged(runs[at]?.applied?.report),
    })),
  )
}
