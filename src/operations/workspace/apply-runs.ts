import { WarrenError } from '../../diagnostics/warren-error.ts'
import { isComplete } from '../../apply/report.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { hasWork } from '../../plan/ownership/ownership-changes.ts'
import type { Plan } from '../../plan/plan.ts'
import { isWrite } from '../../plan/steps/subject.ts'
import { requireWholeDigest } from '../change/check-digest.ts'
import type { Applied, ExecuteOptions } from '../change/execute.ts'
import { type PreparedApply, prepareApply } from '../change/prepare-apply.ts'
import { SharedLocks } from '../session/shared-locks.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { type PlannedRun, type PlannedRuns, type PlanRunOptions, summarizeRuns } from './plan-runs.ts'
import { type Attempted, type EnvironmentRuns, planInOrder, runsByEnvironment } from './run-order.ts'
import { Turns } from './turns.ts'
import { validateRuns, type ValidRun } from './validate-runs.ts'

/** One of several runs to apply. */
export type ApplyRunOptions = PlanRunOptions & Pick<ExecuteOptions, 'parallelism'>

/** Several runs to apply, and how. */
export interface ApplyRunsOptions extends Pick<ExecuteOptions, 'signal' | 'onOutcome' | 'onProgress'> {
  readonly runs: readonly ApplyRunOptions[]
  /** Called with all plans before the first write. If it returns false, nothing is changed. Default: does not ask. */
  readonly confirm?: (planned: PlannedRuns) => Promise<boolean>
  /** The digest that all plans together must have, all 64 digits. Default: any. */
  readonly expectDigest?: string
  /**
   * Whether a failure keeps the other runs from nothing but what refers to missing objects. Default false: then an environment in
   * which a plan is blocked or cannot be made is not changed, nor is any environment after one that failed.
   */
  readonly keepGoing?: boolean
  /**
   * Where the runs register their secrets. Default: a registry of their own.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** The outcome of one of several runs. */
export interface AppliedRun extends PlannedRun {
  /** Absent where it was skipped, or failed with an error. */
  readonly applied?: Applied
  /** Why it was not begun: another run has failed. */
  readonly skipped?: true
}

/** The outcomes of several runs, in the order of the runs. */
export interface AppliedRuns {
  readonly runs: readonly AppliedRun[]
  /** Of all plans; absent where one is missing. */
  readonly digest?: string
}

/**
 * Applies several runs. All files are loaded before any broker is asked, and all plans are made before the first write. Environments
 * follow each other in the order given. Within one, creates and updates of all projects come in the order of their references, then
 * deletes in reverse; the locks of all projects are held meanwhile.
 *
 * @throws {InvalidInputError} when the files of one run are not usable; nothing is done then
 * @throws {WarrenError} `STALE_PLAN` when the plans have another digest than `expectDigest`
 */
export async function applyRuns(options: ApplyRunsOptions): Promise<AppliedRuns> {
  return withSecrets(options, (own) => executeRuns(own, false))
}

/** Deletes everything that several projects own, in the reverse order of their references. */
export async function destroyRuns(options: ApplyRunsOptions): Promise<AppliedRuns> {
  return withSecrets(options, (own) => executeRuns(own, true))
}

/** A run with what holds its locks, unless it has no plan. */
interface Entry extends PlannedRun {
  readonly prepared?: PreparedApply
  readonly parallelism?: number
  applied?: Applied
  failure?: unknown
  skipped?: true
}

type Options = ApplyRunsOptions & { readonly secrets: SecretRegistry }

async function executeRuns(options: Options, destroys: boolean): Promise<AppliedRuns> {
  const { secrets, signal, expectDigest } = options
  if (expectDigest !== undefined) requireWholeDigest(expectDigest)
  const { validated } = await validateRuns(options.runs.map((run) => ({ ...run, secrets })))
  const held = new Set<PreparedApply>()
  const sharedLocks = new SharedLocks()
  try {
    const { attempted, deleteOrders } = await planInOrder<PreparedApply>(validated, {
      plan: async (index, inRun) => {
        const run = options.runs[index]
        if (run === undefined) throw new RangeError(`there is no run ${index}`)
        const prepared = await prepareApply(
          { ...run, ...(signal && { signal }), secrets, sharedLocks },
          destroys,
          inRun,
        )
        held.add(prepared)
        if (prepared.plan.blocks.length === 0) prepared.requireAll()
        return prepared
      },
      discard: async (prepared) => {
        held.delete(prepared)
        await prepared[Symbol.asyncDispose]()
      },
    })
    const entries = validated.map((valid, index) => entryOf(valid, options.runs[index], attempted[index]))
    const planned = summarizeRuns(
      entries.map(({ environment, project, planned: shown, error }) => ({
        ...(environment !== undefined && { environment }),
        project,
        ...(shown ? { planned: shown } : { error }),
      })),
    )
    if (expectDigest !== undefined && planned.digest !== expectDigest) throw stale(planned.digest, expectDigest)
    const environments = runsByEnvironment(validated).map((each, at) => ({ ...each, deletes: deleteOrders[at] ?? [] }))
    const wanted = environments.map((each) => each.indexes.flatMap((index) => entries[index] ?? []))
    if (isAnythingToDo(wanted, options) && options.confirm && !(await options.confirm(planned))) {
      for (const entry of entries)
        if (isReady(entry)) entry.applied = { ...entry.prepared.planned, stopped: 'not-confirmed' }
    } else await executeEnvironments(environments, entries, options)
    return { runs: entries.map(outcomeOf), ...(planned.digest !== undefined && { digest: planned.digest }) }
  } finally {
    for (const prepared of [...held].toReversed()) await prepared[Symbol.asyncDispose]()
  }
}

function entryOf(
  { environment, desired }: ValidRun,
  { parallelism }: Pick<ApplyRunOptions, 'parallelism'> = {},
  attempted: Attempted<PreparedApply> | undefined,
): Entry {
  const name = {
    ...(environment !== undefined && { environment }),
    project: desired.project,
    ...(parallelism !== undefined && { parallelism }),
  }
  if (attempted === undefined) return name
  if ('error' in attempted) return { ...name, error: attempted.error }
  const { result: prepared } = attempted
  const isBlocked = prepared.plan.blocks.length > 0
  const { planned } = prepared
  return { ...name, planned, prepared, ...(isBlocked && { applied: { ...planned, stopped: 'blocked' as const } }) }
}

type Ready = Entry & { readonly prepared: PreparedApply }

/** Whether a run has a plan that is not blocked. */
function isReady(entry: Entry): entry is Ready {
  return entry.prepared !== undefined && entry.applied?.stopped !== 'blocked'
}

function outcomeOf({ environment, project, planned, error, failure, applied, skipped }: Entry): AppliedRun {
  return {
    ...(environment !== undefined && { environment }),
    project,
    ...(planned && { planned }),
    ...(failure === undefined ? error !== undefined && { error } : { error: failure }),
    ...(applied && { applied }),
    ...(skipped && { skipped }),
  }
}

/** Whether any plan that would be applied changes something. */
function isAnythingToDo(environments: readonly (readonly Entry[])[], { keepGoing = false }: Options): boolean {
  for (const entries of environments) {
    const ready = entries.filter(isReady)
    if (!keepGoing && ready.length < entries.length) return false
    if (ready.some(({ prepared }) => hasWork(prepared.plan))) return true
  }
  return false
}

/** The runs of an environment, with its projects in the order of their deletes. */
type Ordered = EnvironmentRuns & { readonly deletes: readonly string[] }

async function executeEnvironments(
  environments: readonly Ordered[],
  all: readonly Entry[],
  options: Options,
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

function isDone({ applied }: Entry): boolean {
  if (applied?.report === undefined) return applied?.stopped === 'nothing-to-do'
  return isComplete(applied.report) && !applied.report.interrupted
}

async function executeEnvironment(
  { groups, deletes }: Ordered,
  entries: readonly Entry[],
  options: Options,
): Promise<void> {
  const turns = new Turns(groups, deletes)
  const ready = entries.filter(isReady)
  for (const { project } of entries.filter((entry) => !isReady(entry))) {
    turns.miss(ready.flatMap(({ prepared }) => expectedOf(prepared.plan, project)))
    turns.end(project)
  }
  const total = ready.reduce((sum, { prepared }) => sum + prepared.plan.changes.length, 0)
  await Promise.all(ready.map((entry) => executeEntry(entry, { turns, total, options })))
}

/** The objects that a plan expects as a project declares them. */
function expectedOf({ notes }: Plan, project: string): readonly string[] {
  return notes.flatMap((note) => (note.note === 'expected' && note.project === project ? note.addresses : []))
}

async function executeEntry(
  entry: Ready,
  { turns, total, options }: { readonly turns: Turns; readonly total: number; readonly options: Options },
): Promise<void> {
  const { project, prepared } = entry
  const { signal, onOutcome, onProgress } = options
  const done = new Set<string>()
  const turn = turns.of(project)
  try {
    await turn.begin('claim')
    entry.applied = await prepared.execute({
      ...(entry.parallelism !== undefined && { parallelism: entry.parallelism }),
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

function stale(found: string | undefined, expected: string): WarrenError {
  const what = found === undefined ? 'one of the runs has no plan' : `the plans have the digest ${found}`
  return new WarrenError(`${what}, and ${expected} was expected: something has changed since`, {
    code: 'STALE_PLAN',
    hint: 'plan again, and look at what is different',
  })
}
