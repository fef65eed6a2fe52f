import { withCode } from '../diagnostics/error-code.ts'
import type { ExecuteRunsOptions } from '../operations/workspace/execute-runs.ts'
import type { AppliedRuns, ApplyRunsOptions } from '../operations/workspace/apply-runs.ts'
import type { BrokerOptions } from '../operations/session/options.ts'
import type { RunResult } from '../render/result/command-result.ts'
import { reportText } from '../render/text/report-text.ts'
import { runsTable } from '../render/text/runs-table.ts'
import { ExitCode } from './exit-code.ts'
import { exitCodeOfExecutedRuns, hasChanged } from './exit-code-of-runs.ts'
import type { Format } from './options/formats.ts'
import { attemptEach } from './output/attempt-each.ts'
import { failedRun } from './output/failed-run.ts'
import type { Io } from './output/io.ts'
import { printError } from './output/print-error.ts'
import { plansText, PrintedPlans } from './output/printed-plans.ts'
import { renderRuns } from './output/render-result.ts'
import { isStdout, readOutputs, withOutputs, writeFailure } from './output/reports.ts'
import { type EndedRun, type EndedRuns, runsText } from './output/runs-text.ts'
import { requireEmptyFolder, saveUndos } from './output/save-plans.ts'
import { checkWritable } from './output/write-file-to.ts'
import { type ExecuteFlags, exitCodeOf, STOPPED_AT_ONCE, STOPPED_BEFORE } from './run-apply.ts'
import { confirmRuns } from './terminal/confirm.ts'
import { showProgress } from './terminal/progress.ts'
import { type StopSignal, stopOnSignal } from './terminal/stop-on-signal.ts'

/** The options of an apply of several runs, as commander returns them. */
export interface SeveralFlags extends ExecuteFlags {
  readonly confirm?: readonly string[]
  readonly keepGoing?: boolean
  readonly expectDigest?: string
}

type RunsOptions = ExecuteRunsOptions & Pick<ApplyRunsOptions, 'confirm' | 'expectDigest' | 'secrets'>

/** Several runs to execute. */
export interface SeveralRuns {
  readonly command: 'apply' | 'destroy'
  /** The broker of each run. */
  readonly brokers: readonly BrokerOptions[]
  /** Whether the plans were saved; then there is no question. */
  readonly areSaved: boolean
  readonly execute: (options: RunsOptions) => Promise<AppliedRuns>
}

/** Executes several runs: all plans, one question, reports, and a table at the end. */
export async function executeSeveral(several: SeveralRuns, flags: SeveralFlags, io: Io): Promise<ExitCode> {
  const { command, execute } = several
  const { outUndo } = flags
  const all = readOutputs(flags, io)
  const format = all.find(isStdout)?.format ?? 'text'
  // As text, the plans are printed before the question, and the outcomes after it.
  const outputs = all.filter((output) => !isStdout(output) || format !== 'text')
  for (const output of outputs) if (!isStdout(output)) checkWritable('--report', output.path)
  if (outUndo !== undefined) requireEmptyFolder(outUndo, '--out-undo')
  let isReported = false
  const stop = stopOnSignal(io, async (underWay) => {
    if (isReported) return
    const why = underWay ? STOPPED_AT_ONCE : STOPPED_BEFORE
    await writeFailure(command, outputs, withCode('INTERRUPTED', new Error(why)), io)
  })
  const progress = showProgress(io)
  const printed = new PrintedPlans(format, io)
  try {
    return await withOutputs(command, outputs, io, async (write) => {
      const applied = await execute({
        secrets: io.secrets,
        signal: stop.signal,
        onOutcome: progress.onOutcome,
        onProgress: progress.onProgress,
        keepGoing: flags.keepGoing === true,
        ...(flags.expectDigest !== undefined && { expectDigest: flags.expectDigest }),
        confirm: async (planned) => {
          await printed.print(planned)
          const isConfirmed =
            several.areSaved ||
            (await confirmRuns(command, planned, flags, io, async () => {
              if (format !== 'text') io.err(await plansText(planned, io.errStyle))
            }))
          if (isConfirmed) stop.listen()
          return isConfirmed
        },
      })
      progress.end()
      await printed.print(applied)
      const ended = endedRuns(applied, printed, stop)
      const exitCode = exitCodeOfExecutedRuns(
        ended.map((run) => ({
          ...(run.exitCode !== undefined && { exitCode: run.exitCode }),
          hasChanged: hasChanged(run.report),
        })),
      )
      const { digest } = applied
      const result = { command, exitCode, runs: ended, ...(digest !== undefined && { digest }) }
      try {
        await attemptEach([
          () => printOutcomes(result, applied, format, io),
          async () => {
            await write((as, style) =>
              as === 'text' ? runsText(result, style, io) : renderRuns(result, as, io.secrets),
            )
            isReported = true
          },
          ...(outUndo === undefined ? [] : [() => writeUndos(outUndo, several, applied, io)]),
        ])
      } catch (error) {
        // The changes on the broker decide the exit code, not a failure to write output.
        if (!ended.some(({ report }) => hasChanged(report))) throw error
        printError(error, io)
        return exitCode === ExitCode.done ? ExitCode.partiallyApplied : exitCode
      }
      return exitCode
    })
  } finally {
    progress.end()
    stop.dispose()
  }
}

function endedRuns({ runs }: AppliedRuns, printed: PrintedPlans, stop: StopSignal): readonly EndedRun[] {
  return runs.map(({ environment, project, planned, applied, error, skipped }) => {
    const exitCode = skipped ? undefined : applied ? exitCodeOf(applied, stop) : printed.codeOf(error)
    return {
      ...(planned ?? { findings: [], sources: new Map<string, string>() }),
      ...(error !== undefined && failureOf(error)),
      ...(applied?.report && { report: applied.report }),
      ...(environment !== undefined && { environment }),
      project,
      ...(exitCode !== undefined && { exitCode }),
    }
  })
}

function failureOf(error: unknown): Omit<RunResult, 'exitCode'> {
  const { exitCode: _exitCode, ...failed } = failedRun(error)
  return failed
}

/** Prints the outcomes and the table, below the plans that were printed before. */
function printOutcomes(result: EndedRuns, { runs }: AppliedRuns, format: Format, io: Io): void {
  if (runs.some(({ applied }) => applied?.stopped === 'not-confirmed')) io.err('Nothing was done.\n')
  if (format !== 'text') return
  for (const { environment, project, report } of result.runs) {
    const name = environment === undefined ? project : `${environment}  ${project}`
    if (report) io.out(`\n${io.outStyle.strong(name)}\n${reportText(report, io.outStyle)}`)
  }
  io.out(`\n${runsTable(result.runs)}\n`)
}

async function writeUndos(folder: string, several: SeveralRuns, { runs }: AppliedRuns, io: Io): Promise<void> {
  const done = runs.flatMap(({ environment, project, applied }, index) => {
    const broker = several.brokers[index]
    const isDone = broker !== undefined && applied?.report !== undefined
    return isDone ? [{ ...broker, ...(environment !== undefined && { environment }), project, applied }] : []
  })
  await saveUndos(folder, done, io)
  if (done.length === 0) io.err(`no plan is saved in ${folder}, because nothing was done\n`)
}
