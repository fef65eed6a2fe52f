import { isComplete } from '../../apply/report.ts'
import { hasWork } from '../../plan/ownership/ownership-changes.ts'
import type { Plan } from '../../plan/plan.ts'
import { isWrite } from '../../plan/steps/subject.ts'
import type { Applied, ExecuteOptions } from '../change/execute.ts'
import type { PreparedApply } from '../change/prepare-apply.ts'
import type { PlannedRun } from './plan-runs.ts'
import type { EnvironmentRuns } from './run-order.ts'
import { Turns } from './turns.ts'

/** Options for executing several runs. */
export interface ExecuteRunsOptions extends Pick<ExecuteOptions, 'signal' | 'onOutcome' | 'onProgress'> {
  /**
   * Whether to continue after a failure, and skip only changes that refer to missing objects. Default false: an
   * environment is not changed if one of its plans is blocked or missing, and the environments after a failed one are
   * not changed either.
   */
  readonly keepGoing?: boolean
}

/** The outcome of one of several runs. */
export interface AppliedRun extends PlannedRun {
  /** Absent if the run was skipped, or failed with an error. */
  readonly applied?: Applied
  /** True if the run did not begin, because another run had failed. */
  readonly skipped?: true
}

/** A run and its locks, unless it has no plan. */
export interface RunEntry extends PlannedRun {
  readonly prepared?: PreparedApply
  readonly parallelism?: number
  readonly batch?: number
  applied?: Applied
  failure?: unknown
  skipped?: true
}

type Ready = RunEntry & { readonly prepared: PreparedApply }

/** Whether a run has a plan that is not blocked. */
export function isReady(entry: RunEntry): entry is Ready {
  return entry.prepared !== undefined && entry.applied?.stopped !== 'blocked'
}

/** The outcome of a run. */
export function outcomeOf({ environment, project, planned, error, failure, applied, skipped }: RunEntry): AppliedRun {
  return {
    ...(environment !== undefined && { environment }),
    project,
    ...(planned && { planned }),
    ...(failure === undefined ? error !== undefined && { error } : { error: failure }),
    ...(applied && { applied }),
    ...(skipped && { skipped }),
  }
}

/** Whether any of the plans to apply contains changes. */
export function isAnythingToDo(
  environments: readonly (readonly RunEntry[])[],
  { keepGoing = false }: ExecuteRunsOptions,
): boolean {
  for (const entries of environments) {
    const ready = entries.filter(isReady)
    if (!keepGoing && ready.length < entries.length) return false
    if (ready.some(({ prepared }) => hasWork(prepared.plan))) return true
  }
  return false
}

/** The runs of an environment, with the order in which its projects delete. */
export type OrderedEnvironment = EnvironmentRuns & { readonly deletes: readonly string[] }

/**
 * Executes the prepared runs, one environment after the other. Each run ends with an outcome or a failure, or is
 * skipped.
 */
export async function executeEnvironments(
  environments: readonly OrderedEnvironment[],
  all: readonly RunEntry[],
  options: ExecuteRunsOptions,
): Promise<void> {
  let isFailed = false
  for (const environment of environments) {
    const { indexes } = environment
    const entries = indexes.flatMap((index) => all[index] ?? [])
    const ready = entries.filter(isReady)
    const isWhole = ready.length === entries.length
    const isLeftOut: boolean =
      options.signal?.aborted === true || (options.keepGoing !== true && (isFailed || !isWhole))
    if (isLeftOut) for (const entry of ready) entry.skipped = true
    else await executeEnvironment(environment, entries, options)
    isFailed ||= !isWhole || isLeftOut || !ready.every(isDone)
  }
}

function isDone({ applied }: RunEntry): boolean {
  if (applied?.report === undefined) return applied?.stopped === 'nothing-to-do'
  return isComplete(applied.report) && !applied.report.interrupted
}

async function executeEnvironment(
  { groups, deletes }: OrderedEnvironment,
  entries: readonly RunEntry[],
  options: ExecuteRunsOptions,
): Promise<void> {
  const turns = new Turns(groups, deletes)
  const ready = entries.filter(isReady)
  for (const { project } of entries.filter((entry) => !isReady(entry))) {
    turns.miss(ready.flatMap(({ prepared }) => expectedOf(prepared.plan, project)))
    turns.end(project)
  }
  const total = ready.reduce((sum, { prepared }) => sum + prepared.plan.changes.length, 0)
  await Promise.all(ready.map((entry) => executeRun(entry, { turns, total, options })))
}

/** The objects that a plan expects another project to declare. */
function expectedOf({ notes }: Plan, project: string): readonly string[] {
  return notes.flatMap((note) => (note.note === 'expected' && note.project === project ? note.addresses : []))
}

async function executeRun(
  entry: Ready,
  { turns, total, options }: { readonly turns: Turns; readonly total: number; readonly options: ExecuteRunsOptions },
): Promise<void> {
  const { project, prepared } = entry
  const { signal, onOutcome, onProgress } = options
  const done = new Set<string>()
  const turn = turns.of(project)
  try {
    await turn.begin('claim')
    entry.applied = await prepared.execute({
      ...(entry.parallelism !== undefined && { parallelism: entry.parallelism }),
      ...(entry.batch !== undefined && { batch: entry.batch }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      turn,
      onOutcome: (outcome) => {
        if (outcome.status === 'done') done.add(outcome.address)
        else if (outcome.action !== 'delete') turns.miss([outcome.address])
        onOutcome?.(outcome, total)
      },
    })
  } catch (error) {
    entry.failure = error
    turns.miss(prepared.plan.changes.filter(isWrite).flatMap(({ address }) => (done.has(address) ? [] : [address])))
  } finally {
    turns.end(project)
  }
}
