import { declaredByOthers, orderOfProjects } from '../../plan/declared-by-run.ts'
import type { Plan } from '../../plan/plan.ts'
import type { RunSettings } from '../change/plan-with.ts'
import type { ValidRun } from './validate-runs.ts'

/** The name of one of several runs. */
export interface NamedRun {
  readonly environment?: string
  readonly project: string
}

/** The results of the other runs that were planned before. */
export type DoneBefore = Required<Pick<RunSettings, 'deletedByRun' | 'matchedElsewhere'>>

/** The runs of one environment, by their index in all runs. */
export interface EnvironmentRuns {
  readonly environment?: string
  readonly indexes: readonly number[]
  /** The projects in the order of their references; a group with several projects is a cycle. */
  readonly groups: readonly (readonly string[])[]
}

/**
 * The runs of each environment, in the order given.
 *
 * @param groupsOf puts the projects of some runs in the order of their references
 */
export function runsByEnvironment<R extends Pick<NamedRun, 'environment'>>(
  runs: readonly R[],
  groupsOf: (together: readonly R[]) => readonly (readonly string[])[],
): readonly EnvironmentRuns[] {
  const names = [...new Set(runs.map(({ environment }) => environment))]
  return names.map((environment) => {
    const indexes = runs.flatMap((run, index) => (run.environment === environment ? [index] : []))
    const groups = groupsOf(indexes.flatMap((index) => runs[index] ?? []))
    return { ...(environment !== undefined && { environment }), indexes, groups }
  })
}

/** The names of runs from files, in the order of their references. */
export function orderRuns(runs: readonly ValidRun[]): OrderedRuns {
  return {
    names: runs.map(({ environment, desired }) => ({
      ...(environment !== undefined && { environment }),
      project: desired.project,
    })),
    environments: runsByEnvironment(runs, (together) => orderOfProjects(together.map(({ desired }) => desired))),
  }
}

/** The objects that the other projects in the environment of a run declare. */
export function othersInRun(
  runs: readonly ValidRun[],
  { environment, desired: { project } }: ValidRun,
): Required<Pick<RunSettings, 'declaredByRun' | 'otherProjects'>> {
  const all = runs.filter((each) => each.environment === environment).map(({ desired }) => desired)
  return {
    declaredByRun: declaredByOthers(project, all),
    otherProjects: all.filter((each) => each.project !== project),
  }
}

/** Several runs in the order of their references. */
export interface OrderedRuns {
  readonly names: readonly NamedRun[]
  readonly environments: readonly EnvironmentRuns[]
}

/** The outcome of planning a run: its result, or an error. */
export type Attempted<T> = { readonly result: T } | { readonly error: unknown }

/** The results of planning all runs. */
export interface PlannedInOrder<T> {
  /** In the order of the runs. */
  readonly attempted: readonly Attempted<T>[]
  /** For each environment, the order in which its projects delete. */
  readonly deleteOrders: readonly (readonly string[])[]
}

/** Plans one run, and discards a plan that another one replaces. */
export interface Planner<T> {
  readonly plan: (index: number, before: DoneBefore) => Promise<T>
  readonly discard?: (result: T) => Promise<void>
}

/**
 * Plans all runs. Within an environment, projects that refer to others come first, so that their deletes happen
 * before the deletes of the others. A blocked plan is computed again when another run of the environment deletes
 * more. An address in an option has to match in one run only.
 */
export async function planInOrder<T extends { readonly plan: Pick<Plan, 'changes' | 'blocks'> }>(
  { names, environments }: OrderedRuns,
  planner: Planner<T>,
): Promise<PlannedInOrder<T>> {
  const attempted: Attempted<T>[] = []
  const deleteOrders: (readonly string[])[] = []
  const planAll = async (matchedElsewhere: ReadonlySet<string>) => {
    for (const [at, environment] of environments.entries()) {
      const isConcerned = environment.indexes.some((index) =>
        unmatchedIn(attempted[index]).some((each) => matchedElsewhere.has(each)),
      )
      if (matchedElsewhere.size > 0 && !isConcerned) continue
      deleteOrders[at] = await planEnvironment(names, environment, { attempted, planner, matchedElsewhere })
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

/** The options with addresses that match no object of a plan. */
function unmatchedIn(attempted: Attempted<{ readonly plan: Pick<Plan, 'blocks'> }> | undefined): readonly string[] {
  if (attempted === undefined || 'error' in attempted) return []
  return attempted.result.plan.blocks.flatMap(({ reason, address }) =>
    reason === 'unmatched-address' ? [address] : [],
  )
}

/** @returns the order in which the projects delete */
async function planEnvironment<T extends { readonly plan: Pick<Plan, 'changes' | 'blocks'> }>(
  names: readonly NamedRun[],
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
  const deletedByRun = new Set<string>()
  const settled: string[] = []
  /** The number of objects that the other runs deleted when a blocked plan was made. */
  const blockedAt = new Map<string, number>()
  const pending = groups.flat().toReversed()
  for (;;) {
    const project = pending.find((each) => blockedAt.get(each) !== deletedByRun.size)
    const index = indexes.find((each) => names[each]?.project === project)
    if (project === undefined || index === undefined) return [...settled, ...pending]
    const earlier = attempted[index]
    if (earlier !== undefined && 'result' in earlier) await planner.discard?.(earlier.result)
    const before = { deletedByRun: new Set(deletedByRun), matchedElsewhere }
    const now = await attempt(() => planner.plan(index, before))
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
