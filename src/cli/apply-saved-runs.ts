import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withCode } from '../diagnostics/error-code.ts'
import type { Applied } from '../operations/change/execute.ts'
import type { BrokerOptions } from '../operations/session/options.ts'
import type { SavedRuns } from '../operations/saved/saved-runs.ts'
import type { SavedPlan } from '../plan/saved/saved-plan.ts'
import type { RunResult } from '../render/result/command-result.ts'
import { checkOutputs } from './check-outputs.ts'
import { ExitCode } from './exit-code.ts'
import { exitCodeOfExecutedRuns, hasChanged } from './exit-code-of-runs.ts'
import type { BrokerFlags } from './options/broker-options.ts'
import { brokerOf, type ChosenRun, chooseSavedRun } from './options/chosen-runs.ts'
import type { TopologyFlags } from './options/topology-options.ts'
import { usageError } from './options/usage-error.ts'
import { failedRun } from './output/failed-run.ts'
import type { Io } from './output/io.ts'
import { printError } from './output/print-error.ts'
import { renderRun, renderRuns } from './output/render-result.ts'
import { isStdout, readOutputs, withOutputs, writeFailure } from './output/reports.ts'
import { isFolder } from './output/save-plans.ts'
import { checkWritable } from './output/write-file-to.ts'
import { type ExecuteFlags, exitCodeOf, inEnvironment, parallelismOf } from './run-apply.ts'
import { areEnvironmentsConfirmed } from './terminal/confirm.ts'
import { showProgress } from './terminal/progress.ts'
import { type StopSignal, stopOnSignal } from './terminal/stop-on-signal.ts'

/** The options of an apply of saved plans, as commander gives them. */
export interface SavedRunsFlags extends TopologyFlags, BrokerFlags, ExecuteFlags {
  readonly expectDigest?: string
  readonly confirm?: readonly string[]
}

/** The folder of saved plans that paths name; undefined where they name something else. */
export function planFolderAt([path, ...others]: readonly string[]): string | undefined {
  if (path === undefined || others.length > 0 || !isFolder(path)) return undefined
  return existsSync(join(path, 'index.json')) ? path : undefined
}

interface SavedRun {
  readonly saved: SavedPlan
  readonly run: ChosenRun
  readonly broker: BrokerOptions
}

/** One of several runs, as far as it came; without an exit code where it was skipped. */
type EndedRun = RunResult & { readonly project: string; readonly exitCode?: ExitCode }

/**
 * Applies the plans of a folder in the order of its index. An environment of which a plan is blocked is not changed, and after a
 * failure the next environment is not.
 */
export async function applySavedRuns(folder: string, flags: SavedRunsFlags, io: Io): Promise<ExitCode> {
  if (flags.outUndo !== undefined) {
    throw usageError('--out-undo takes one plan, and a folder has several', 'apply the plans of the folder one by one')
  }
  checkOutputs(flags, { paths: [folder] })
  const { readSavedRuns } = await import('../operations/saved/saved-runs.ts')
  const saved = await readSavedRuns(folder)
  await requireDigest(saved, flags.expectDigest)
  const runs: SavedRun[] = []
  for (const plan of saved.plans) {
    const run = await chooseSavedRun(plan, flags, io)
    runs.push({ saved: plan, run, broker: await brokerOf(run, flags, io) })
  }
  const chosen = runs.map(({ run }) => run)
  if (!areEnvironmentsConfirmed(chosen, flags.confirm, io)) return ExitCode.notConfirmed
  const outputs = readOutputs(flags, io)
  for (const output of outputs) if (!isStdout(output)) checkWritable('--report', output.path)
  const stop = stopOnSignal(io, () =>
    writeFailure('apply', outputs, withCode('INTERRUPTED', new Error('stopped at once by a second signal')), io),
  )
  try {
    return await withOutputs('apply', outputs, io, async (write) => {
      stop.listen()
      const ended = await applyInOrder(runs, flags, stop, io)
      const exitCode = exitCodeOfExecutedRuns(
        ended.map((run) => ({
          ...(run.exitCode !== undefined && { exitCode: run.exitCode }),
          hasChanged: hasChanged(run.report),
        })),
      )
      const result = { command: 'apply', exitCode, digest: saved.digest, runs: ended }
      await write(async (format, style) => {
        if (format !== 'text') return renderRuns(result, format, io.secrets)
        const { runsTable } = await import('../render/text/runs-table.ts')
        const texts: string[] = []
        for (const run of ended) texts.push(await renderRun('apply', run, 'text', style, io.secrets))
        return `${texts.join('\n')}\n${runsTable(ended)}\n`
      })
      return exitCode
    })
  } finally {
    stop.dispose()
  }
}

/** For a single plan, its own digest counts as well: that is the one that its text shows. */
async function requireDigest({ digest, plans }: SavedRuns, expected: string | undefined): Promise<void> {
  const [only, ...others] = plans
  if (expected === undefined || (others.length === 0 && only?.digest === expected)) return
  const { checkDigest } = await import('../operations/change/check-digest.ts')
  checkDigest({ digest }, expected)
}

async function applyInOrder(
  runs: readonly SavedRun[],
  flags: SavedRunsFlags,
  stop: StopSignal,
  io: Io,
): Promise<readonly EndedRun[]> {
  const blocked = new Set(runs.flatMap((each) => (each.saved.blocks.length > 0 ? [environmentOf(each)] : [])))
  const ended: EndedRun[] = []
  let failedIn: { readonly environment: string | undefined } | undefined
  for (const each of runs) {
    const environment = environmentOf(each)
    const { saved } = each
    const about = { ...(environment !== undefined && { environment }), project: saved.project }
    const plan = { plan: saved, findings: [], sources: new Map<string, string>() }
    const isStopped = stop.signal.aborted || (failedIn !== undefined && failedIn.environment !== environment)
    if (blocked.has(environment) || isStopped) {
      const isBlocked = saved.blocks.length > 0 && !isStopped
      ended.push({ ...plan, ...about, ...(isBlocked && { exitCode: ExitCode.blocked }) })
      if (blocked.has(environment)) failedIn ??= { environment }
      continue
    }
    const run = await applyOne(each, flags, stop, io)
    ended.push({ ...plan, ...run, ...about })
    if (run.exitCode !== ExitCode.done) failedIn ??= { environment }
  }
  return ended
}

function environmentOf({ run }: SavedRun): string | undefined {
  return run.environment?.name
}

async function applyOne({ saved, run, broker }: SavedRun, flags: SavedRunsFlags, stop: StopSignal, io: Io) {
  const { applySaved } = await import('../operations/saved/apply-saved.ts')
  const { variables = {}, environment = {} } = run.files
  const progress = showProgress(io)
  try {
    const applied: Applied = await applySaved({
      ...broker,
      ...parallelismOf(inEnvironment(flags, run.environment)),
      signal: stop.signal,
      onOutcome: progress.onOutcome,
      onProgress: progress.onProgress,
      saved,
      variables,
      environment,
    })
    return { ...applied, exitCode: exitCodeOf(applied, stop) }
  } catch (error) {
    progress.end()
    return { ...failedRun(error), exitCode: printError(error, io) }
  } finally {
    progress.end()
  }
}
