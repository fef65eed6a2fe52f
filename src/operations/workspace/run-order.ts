import { declaredByOthers, orderOfProjects } from '../../plan/declared-by-run.ts'
import type { Plan } from '../../plan/plan.ts'
import type { RunSettings } from '../change/plan-with.ts'
import type { ValidRun } from './validate-runs.ts'

/** What a run is planned with: what the other projects of its environment declare, and delete before. */
export type InRun = Required<RunSettings>

/** The runs of one environment, by their index in all runs. */
export interface EnvironmentRuns {
  readonly environment?: string
  readonly indexes: readonly number[]
  /** The projects in the order of their references; a group of several is a cycle. */
  readonly groups: readonly (readonly string[])[]
}

/** The runs of each environment, in the order given. */
export function runsByEnvironment(runs: readonly ValidRun[]): readonly EnvironmentRuns[] {
  const names = [...new Set(runs.map(({ environment }) => environment))]
  return names.map((environment) => {
    const indexes = runs.flatMap((run, index) => (run.environment === environment ? [index] : []))
    const groups = orderOfProjects(indexes.flatMap((index) => runs[index]?.desired ?? []))
    return { ...(environment !== undefined && { environment }), indexes, groups }
  })
}

/** The outcome of planning a run: its result, or an error. */
export type Attempted<T> = { readonly result: T } | { readonly error: unknown }

/** The results of planning all runs. */
export interface PlannedInOrder<T> {
  /** In the order of the runs. */
  readonly attempted: readonly Attempted<T>[]
  /** Of each environment, its projects in the order of their deletes. */
  readonly deleteOrders: readonly (readonly string[])[]
}

/** Plans one run, and takes a plan back that another one replaces. */
export interface Planner<T> {
  readonly plan: (index: number, inRun: InRun) => Promise<T>
  readonly discard?: (result: T) => Promise<void>
}

/**
 * Plans all runs. Within an environment, those that refer to others come first: what they delete is not in the way of deletes of
 * the others, which come later. A blocked plan is computed again once another run of the environment deletes more. An address of
 * an option has to match in one run only.
 */
export async function planInOrder<T extends { readonly plan: Pick<Plan, 'changes' | 'blocks'> }>(
  runs: readonly ValidRun[],
  planner: Planner<T>,
): Promise<PlannedInOrder<T>> {
  const attempted: Attempted<T>[] = []
  const environments = runsByEnvironment(runs)
  const deleteOrders: (readonly string[])[] = []
  const planAll = async (matchedElsewhere: ReadonlySet<string>) => {
    for (const [at, environment] of environments.entries()) {
      const isConcerned = environment.indexes.some((index) =>
        unmatchedIn(attempted[index]).some((each) => matchedElsewhere.has(each)),
      )
      if (matchedElsewhere.size > 0 && !isConcerned) continue
      deleteOrders[at] = await planEnvironment(runs, environment, { attempted, planner, matchedElsewhere })
    }
  }
  await planAll(new Set())
  const unmatched = attempted.flatMap(unmatchedIn)
  const matched = unmatched.filter((each) =>
    attempted.some((run) => 'result' in run && !unmatchedIn(run).includes(each)),
  )
  if (matched.length > 0) await planAll(new Set(matched))
  return { attempted, deleteOrders }
}

/** The options with addresses that match nothing in a plan. */
function unmatchedIn(attempted: Attempted<{ readonly plan: Pick<Plan, 'blocks'> }> | undefined): readonly string[] {
  if (attempted === undefined || 'error' in attempted) return []
  return attempted.result.plan.blocks.flatMap(({ reason, address }) =>
    reason === 'unmatched-address' ? [address] : [],
  )
}

/** @returns the projects in the order of their deletes */
async function planEnvironment<T extends { readonly plan: Pick<Plan, 'changes' | 'blocks'> }>(
  runs: readonly ValidRun[],
  { indexes, groups }: EnvironmentRuns,
  {
    attempted,
    planner,
    matchedElsewhere,
  }: {
    readonly attempted: Attempted<T>[]
    readonly planner: Planner<T>
    readonly matchedElsewhere: ReadonlySet<string>
  },
): Promise<readonly string[]> {
  const all = indexes.flatMap((index) => runs[index]?.desired ?? [])
  const deletedByRun = new Set<string>()
  const settled: string[] = []
  /** How much the other runs deleted when a blocked plan was made. */
  const blockedAt = new Map<string, number>()
  const pending = groups.flat().toReversed()
  for (;;) {
    const project = pending.find((each) => blockedAt.get(each) !== deletedByRun.size)
    const index = indexes.find((each) => runs[each]?.desired.project === project)
    if (project === undefined || index === undefined) return [...settled, ...pending]
    const before = attempted[index]
    if (before !== undefined && 'result' in before) await planner.discard?.(before.result)
    const inRun = {
      declaredByRun: declaredByOthers(project, all),
      otherProjects: all.filter((each) => each.project !== project),
      deletedByRun: new Set(deletedByRun),
      matchedElsewhere,
    }
    const now = await attempt(() => planner.plan(index, inRun))
    attempted[index] = now
    if ('result' in now && now.result.plan.blocks.length > 0) {
      blockedAt.set(project, deletedByRun.size)
      continue
    }
    pending.splice(pending.indexOf(project), 1)
    settled.push(project)
    if ('error' in now) continue
    for (const { action, address } of now.result.plan.changes) if (action === 'delete') deletedByRun.add(address)
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { result: await work() }
  } catch (error) {
    return { error }
  }
}
