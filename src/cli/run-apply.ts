import { basename } from 'node:path'
import { withCode } from '../diagnostics/error-code.ts'
import { attemptEach } from './output/attempt-each.ts'
import { collect } from './options/collect.ts'
import type { Command } from 'commander'
import type { Report } from '../apply/report.ts'
import { ExitCode } from './exit-code.ts'
import { reportText } from '../render/text/report-text.ts'
import type { Applied, ExecuteOptions } from '../operations/change/execute.ts'
import type { Planned } from '../operations/change/planned.ts'
import type { BrokerOptions } from '../operations/session/options.ts'
import { count } from './options/connection/broker-options.ts'
import type { Io } from './output/io.ts'
import { type Format, FORMAT_LIST } from './options/formats.ts'
import { printPlan, printFileWarnings } from './output/print-plan.ts'
import { showProgress } from './terminal/progress.ts'
import { printError } from './output/print-error.ts'
import { orRescueUndo } from './output/rescue-undo.ts'
import { isStdout, readOutputs, withOutputs, writeFailure } from './output/reports.ts'
import { renderRun } from './output/render-result.ts'
import { checkWritable, isFilledFile } from './output/write-file-to.ts'
import { type StopSignal, stopOnSignal } from './terminal/stop-on-signal.ts'

/** The options of commands that execute a plan, as commander returns them. */
export interface ExecuteFlags {
  readonly format: string
  readonly autoApprove?: boolean
  readonly parallelism?: string
  readonly batch?: string
  readonly report?: readonly string[]
  readonly outUndo?: string
}

/** The options, with the settings of an environment as defaults. */
export function inEnvironment<F extends ExecuteFlags>(
  flags: F,
  environment: { readonly parallelism?: number } = {},
): F {
  const { parallelism } = environment
  return flags.parallelism === undefined && parallelism !== undefined
    ? { ...flags, parallelism: String(parallelism) }
    : flags
}

const MOST_PARALLEL = 256

/**
 * Adds the options of commands that execute a plan.
 *
 * @param autoApprove the effect of `--auto-approve` in the command
 */
export function addExecuteOptions(command: Command, autoApprove = 'execute the plan without asking'): Command {
  return command
    .option('-y, --auto-approve', autoApprove)
    .option(
      '--parallelism <count>',
      'the maximum number of concurrent writes (default: 16 from RabbitMQ 4.0 on, else 64)',
    )
    .option('--format <format>', FORMAT_LIST, 'text')
    .option('--report <format=path>', 'also write the result in a format into a file; repeatable', collect)
    .option('--out-undo <file>', 'write a plan that reverses the completed changes')
}

/** The maximum numbers of concurrent writes and migrations that options set. @throws {WarrenError} `INVALID_USAGE` */
export function limitsOf({ parallelism, batch }: ExecuteFlags): Pick<ExecuteOptions, 'parallelism' | 'batch'> {
  return {
    ...(parallelism !== undefined && { parallelism: count('--parallelism', parallelism, 1, MOST_PARALLEL) }),
    ...(batch !== undefined && { batch: count('--batch', batch, 1, MOST_PARALLEL) }),
  }
}

/** The text in a report of an apply that a signal ended before its first write. */
export const STOPPED_BEFORE = 'interrupted before anything was done'

type Pace = Pick<ExecuteOptions, 'parallelism' | 'batch' | 'signal' | 'onOutcome' | 'onProgress'>

/** The text in a report of an apply that a second signal ended. */
export const STOPPED_AT_ONCE =
  'stopped at once by a second signal: some changes may have been made; the next apply checks them and continues'

/**
 * Executes a plan, prints the result, writes the reports, and returns the exit code.
 *
 * @param run executes it, and calls `listen` before the first write; from then on, a signal lets it finish
 */
export async function runApply(
  command: 'apply' | 'destroy',
  io: Io,
  flags: ExecuteFlags,
  broker: BrokerOptions,
  run: (pace: Pace, format: Format, listen: () => void) => Promise<Applied>,
): Promise<ExitCode> {
  const all = readOutputs(flags, io)
  const format = all.find(isStdout)?.format ?? 'text'
  // As text, the plan is printed before the question, and the outcome after it.
  const outputs = all.filter((output) => !isStdout(output) || format !== 'text')
  for (const output of outputs) if (!isStdout(output)) checkWritable('--report', output.path)
  if (flags.outUndo !== undefined) checkWritable('--out-undo', flags.outUndo)
  const limit = limitsOf(flags)
  let isReported = false
  const stop = stopOnSignal(io, async (underWay) => {
    if (isReported) return
    const why = underWay ? STOPPED_AT_ONCE : STOPPED_BEFORE
    await writeFailure(command, outputs, withCode('INTERRUPTED', new Error(why)), io)
  })
  const progress = showProgress(io)
  try {
    return await withOutputs(command, outputs, io, async (write) => {
      const applied = await run(
        { ...limit, signal: stop.signal, onOutcome: progress.onOutcome, onProgress: progress.onProgress },
        format,
        stop.listen,
      )
      progress.end()
      const code = exitCodeOf(applied, stop)
      const { outUndo } = flags
      try {
        await attemptEach([
          () => printResult(applied, format, io),
          async () => {
            await write((as, style) => renderRun(command, applied, as, style, io.secrets))
            isReported = true
          },
          ...(outUndo === undefined ? [] : [() => writeUndo(outUndo, broker, applied, io)]),
        ])
      } catch (error) {
        // The changes on the broker decide the exit code, not a failure to write output.
        if (applied.report === undefined) throw error
        printError(error, io)
        return code === ExitCode.done ? ExitCode.partiallyApplied : code
      }
      return code
    })
  } finally {
    stop.dispose()
  }
}

async function printResult(applied: Applied, format: Format, io: Io): Promise<void> {
  const { report } = applied
  if (format !== 'text') return printFileWarnings(applied, io)
  if (applied.stopped === 'blocked' || applied.stopped === 'nothing-to-do') await printPlan(applied, io)
  if (applied.stopped === 'not-confirmed') io.err('Nothing was done.\n')
  if (report) io.out(`\n${reportText(report, io.outStyle)}`)
}

async function writeUndo(path: string, broker: BrokerOptions, applied: Applied, io: Io): Promise<void> {
  if (applied.report === undefined && isFilledFile(path)) {
    io.err(`${path} is not overwritten, because nothing was done, and the file may reverse an earlier run\n`)
    return
  }
  const { undoPlan } = await import('../operations/saved/saved-files.ts')
  const text = await undoPlan({ ...broker, applied })
  const write = () => io.file('--out-undo', path, text)
  if (applied.report === undefined) return write()
  orRescueUndo({ path, isFolder: false }, [{ name: basename(path), text }], io, write)
}

/** Makes a confirmation after which a signal no longer ends the process, but lets the run finish. */
export function thenListen(
  listen: () => void,
  confirm: (planned: Planned) => Promise<boolean>,
): (planned: Planned) => Promise<boolean> {
  return async (planned) => {
    const confirmed = await confirm(planned)
    if (confirmed) listen()
    return confirmed
  }
}

/** The exit code of an apply. */
export function exitCodeOf({ stopped, report }: Applied, stop: StopSignal): ExitCode {
  if (stopped !== undefined) return STOPPED[stopped]
  return report === undefined ? ExitCode.unexpected : exitCodeOfReport(report, stop)
}

const STOPPED = {
  blocked: ExitCode.blocked,
  'not-confirmed': ExitCode.notConfirmed,
  'nothing-to-do': ExitCode.done,
} as const

function exitCodeOfReport(report: Report, stop: StopSignal): ExitCode {
  const signal = stop.exitCode()
  if (report.interrupted && signal !== undefined) return signal
  const wrong = report.outcomes.filter(({ status }) => status !== 'done' && status !== 'kept')
  if (wrong.length === 0) return report.recordFailed === undefined ? ExitCode.done : ExitCode.partiallyApplied
  const nothingDone = report.outcomes.every(({ status }) => status !== 'done')
  if (!nothingDone) return ExitCode.partiallyApplied
  const failed = report.outcomes.filter(({ status }) => status === 'failed')
  if (failed.length === 0 && wrong.some(({ status }) => status === 'stale')) return ExitCode.stale
  // A run that the broker refused midway has already changed something.
  const refused =
    failed.length > 0 &&
    failed.every((outcome) => outcome.status === 'failed' && outcome.refused === true && outcome.maybeDone !== true)
  return refused ? ExitCode.unreachable : ExitCode.partiallyApplied
}
