import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { checkDigest, requireWholeDigest } from '../change/check-digest.ts'
import type { PreparedApply } from '../change/prepare-apply.ts'
import { withSecrets } from '../session/with-secrets.ts'
export type { AppliedRun, ExecuteRunsOptions } from './execute-runs.ts'
export type { ApplyRunOptions, SavedRunOptions } from './prepare-runs.ts'
import {
  type AppliedRun,
  executeEnvironments,
  type ExecuteRunsOptions,
  isAnythingToDo,
  isReady,
  outcomeOf,
  type RunEntry,
} from './execute-runs.ts'
import { type PlannedRun, type PlannedRuns, summarizeRuns } from './plan-runs.ts'
import { type ApplyRunOptions, runsFromFiles, runsFromPlans, type SavedRunOptions } from './prepare-runs.ts'
import { type Attempted, type NamedRun, planInOrder } from './run-order.ts'

/** Several runs to destroy, and the options. */
export interface DestroyRunsOptions extends ExecuteRunsOptions {
  readonly runs: readonly ApplyRunOptions[]
  /** Called with all plans before the first write. If it returns false, nothing is changed. Default: does not ask. */
  readonly confirm?: (planned: PlannedRuns) => Promise<boolean>
  /** The digest that all plans together must have, all 64 digits. Default: any. */
  readonly expectDigest?: string
  /**
   * The registry for the secrets of the runs. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** Several runs to apply, and the options. */
export interface ApplyRunsOptions extends Omit<DestroyRunsOptions, 'runs'> {
  /** Topologies in files, or plans that were saved together. */
  readonly runs: readonly ApplyRunOptions[] | readonly SavedRunOptions[]
}

/** The outcomes of several runs, in the order of the runs. */
export interface AppliedRuns {
  readonly runs: readonly AppliedRun[]
  /** The digest of all plans; absent if a plan is missing. */
  readonly digest?: string
}

/**
 * Applies several runs, from files or as saved plans. It loads all files before it connects to a broker. It makes all
 * plans, or compares them with the brokers, before the first write. It applies the environments in the given order.
 * Within an environment, it first creates and updates objects in the order of the projects' references, and then
 * deletes in reverse order. It holds the locks of all projects meanwhile.
 *
 * @throws {InvalidInputError} when the files of one run are invalid, or a saved plan lacks a value; nothing is done
 *   then
 * @throws {WarrenError} `STALE_PLAN` when the plans have another digest than `expectDigest`
 */
export async function applyRuns(options: ApplyRunsOptions): Promise<AppliedRuns> {
  return withSecrets(options, (own) => executeRuns(own, false))
}

/** Deletes everything that several projects own, in the reverse order of their references. */
export async function destroyRuns(options: DestroyRunsOptions): Promise<AppliedRuns> {
  return withSecrets(options, (own) => executeRuns(own, true))
}

type Options = ApplyRunsOptions & { readonly secrets: SecretRegistry }

async function executeRuns(options: Options, destroys: boolean): Promise<AppliedRuns> {
  const { expectDigest } = options
  if (expectDigest !== undefined) requireWholeDigest(expectDigest)
  const { runs } = options
  const source = isSaved(runs) ? await runsFromPlans(runs, options) : await runsFromFiles(runs, options, destroys)
  if (expectDigest !== undefined && source.digest !== undefined) checkDigest(source, expectDigest)
  const held = new Set<PreparedApply>()
  try {
    const { attempted, deleteOrders } = await planInOrder<PreparedApply>(source, {
      plan: async (index, before) => {
        const prepared = await source.prepare(index, before)
        held.add(prepared)
        if (prepared.plan.blocks.length === 0) prepared.requireAll()
        return prepared
      },
      discard: async (prepared) => {
        held.delete(prepared)
        await prepared[Symbol.asyncDispose]()
      },
    })
    const entries = source.names.map((name, index) => entryOf(name, runs[index], attempted[index]))
    const planned = summarizeRuns(entries.map(plannedOf))
    if (expectDigest !== undefined && source.digest === undefined) checkDigest(planned, expectDigest)
    const environments = source.environments.map((each, at) => ({ ...each, deletes: deleteOrders[at] ?? [] }))
    const wanted = environments.map((each) => each.indexes.flatMap((index) => entries[index] ?? []))
    if (isAnythingToDo(wanted, options) && options.confirm && !(await options.confirm(planned))) {
      for (const entry of entries)
        if (isReady(entry)) entry.applied = { ...entry.prepared.planned, stopped: 'not-confirmed' }
    } else await executeEnvironments(environments, entries, options)
    const digest = source.digest ?? planned.digest
    return { runs: entries.map(outcomeOf), ...(digest !== undefined && { digest }) }
  } finally {
    for (const prepared of [...held].toReversed()) await prepared[Symbol.asyncDispose]()
  }
}

function plannedOf({ environment, project, planned, error }: RunEntry): PlannedRun {
  const name = { ...(environment !== undefined && { environment }), project }
  return { ...name, ...(planned ? { planned } : { error }) }
}

function isSaved(runs: ApplyRunsOptions['runs']): runs is readonly SavedRunOptions[] {
  return runs.some((run) => 'saved' in run)
}

function entryOf(
  name: NamedRun,
  { parallelism, batch }: Pick<ApplyRunOptions, 'parallelism' | 'batch'> = {},
  attempted: Attempted<PreparedApply> | undefined,
): RunEntry {
  const limits = { ...(parallelism !== undefined && { parallelism }), ...(batch !== undefined && { batch }) }
  const entry = { ...name, ...limits }
  if (attempted === undefined) return entry
  if ('error' in attempted) return { ...entry, error: attempted.error }
  const { result: prepared } = attempted
  const isBlocked = prepared.plan.blocks.length > 0
  const { planned } = prepared
  return { ...entry, planned, prepared, ...(isBlocked && { applied: { ...planned, stopped: 'blocked' as const } }) }
}
