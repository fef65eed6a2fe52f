import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { type DeclaredByRun, orderByNeeds, type ProjectWithNeeds } from '../../plan/declared-by-run.ts'
import { digestOfRuns } from '../../plan/saved/digest-of-runs.ts'
import { type BoundPlan, referencesOf } from '../../plan/saved/saved-plan.ts'
import { isWrite, subjectOf } from '../../plan/steps/subject.ts'
import type { ExecuteOptions } from '../change/execute.ts'
import { type PreparedApply, prepareApply } from '../change/prepare-apply.ts'
import type { ApplySavedOptions } from '../saved/apply-saved.ts'
import { prepareSaved, resolveSaved } from '../saved/prepare-saved.ts'
import { SharedLocks } from '../session/shared-locks.ts'
import type { PlanRunOptions } from './plan-runs.ts'
import { type DoneBefore, type OrderedRuns, orderRuns, othersInRun, runsByEnvironment } from './run-order.ts'
import { ownFiles, validateRuns } from './validate-runs.ts'

/** One of several runs to apply. */
export type ApplyRunOptions = PlanRunOptions & Pick<ExecuteOptions, 'parallelism' | 'batch'>

/** One of several saved plans to apply. */
export type SavedRunOptions = Omit<ApplySavedOptions, 'expectDigest' | 'signal' | 'onOutcome' | 'onProgress'>

/** Several runs in order, each of which can be prepared. */
export interface PreparableRuns extends OrderedRuns {
  /** The digest of all plans, if they are saved. */
  readonly digest?: string
  /** Takes the locks of a run and plans it, or compares its saved plan with the broker. */
  readonly prepare: (index: number, before: DoneBefore) => Promise<PreparedApply>
}

interface Options {
  readonly signal?: AbortSignal
  readonly secrets: SecretRegistry
}

/**
 * Loads the files of several runs.
 *
 * @throws {InvalidInputError} when the files of one run are invalid
 */
export async function runsFromFiles(
  runs: readonly ApplyRunOptions[],
  { signal, secrets }: Options,
  destroys: boolean,
): Promise<PreparableRuns> {
  const { validated } = await validateRuns(runs.map((run) => ({ ...run, secrets })))
  const common = { ...(signal && { signal }), secrets, sharedLocks: new SharedLocks() }
  return {
    ...orderRuns(validated),
    prepare: (index, before) => {
      const valid = at(validated, index)
      const run = ownFiles(at(runs, index), valid)
      return prepareApply({ ...run, ...common }, destroys, { ...othersInRun(validated, valid), ...before })
    },
  }
}

/**
 * Resolves the references of several saved plans.
 *
 * @throws {InvalidInputError} when one lacks a value
 */
export async function runsFromPlans(
  runs: readonly SavedRunOptions[],
  { signal, secrets }: Options,
): Promise<PreparableRuns> {
  const plans: BoundPlan[] = []
  for (const run of runs) plans.push(await resolveSaved({ ...run, secrets }))
  const common = { ...(signal && { signal }), secrets, sharedLocks: new SharedLocks() }
  const names = plans.map(nameOf)
  return {
    names,
    environments: runsByEnvironment(
      names.map((name, index) => ({ ...name, plan: at(plans, index) })),
      (together) => orderByNeeds(needsOf(together.map(({ plan }) => plan))),
    ),
    digest: digestOfRuns(plans.map((plan) => ({ ...nameOf(plan), digest: plan.digest }))),
    prepare: (index, { deletedByRun }) => {
      const plan = at(plans, index)
      const others = plans.filter((each) => each !== plan && each.environment?.name === plan.environment?.name)
      const inRun = { declaredByRun: createdBy(others), deletedByRun }
      return prepareSaved(plan, { ...at(runs, index), ...common }, inRun)
    },
  }
}

function nameOf({ environment, project }: BoundPlan) {
  return { ...(environment && { environment: environment.name }), project }
}

/**
 * A plan names the projects from which it expects objects that do not exist yet, and refers to objects that other
 * plans create.
 */
function needsOf(plans: readonly BoundPlan[]): readonly ProjectWithNeeds[] {
  return plans.map((plan) => {
    const { project, notes, changes } = plan
    const created = createdBy(plans.filter((each) => each !== plan))
    const expected = notes.flatMap((note) => (note.note === 'expected' ? [note.project] : []))
    const referred = changes.flatMap(referencesOf).flatMap((address) => created.get(address)?.project ?? [])
    return { project, needs: new Set([...expected, ...referred]) }
  })
}

function createdBy(plans: readonly BoundPlan[]): DeclaredByRun {
  return new Map(
    plans.flatMap(({ project, changes }) =>
      changes.filter(isWrite).map((change) => [change.address, { project, subject: subjectOf(change) }] as const),
    ),
  )
}

function at<T>(all: readonly T[], index: number): T {
  const found = all[index]
  if (found === undefined) throw new RangeError(`there is no run ${index}`)
  return found
}
