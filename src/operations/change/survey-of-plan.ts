import type { Live } from '../../broker/live/live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { readSnapshot } from '../../broker/snapshot/read-snapshot.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { recognizeFrameworks } from '../../insight/frameworks/recognize-frameworks.ts'
import { makeSurvey } from '../../insight/survey/survey.ts'
import { type PlanSurvey, surveyForPlan } from '../../insight/survey/survey-for-plan.ts'
import { matchesGlob } from '../../model/names/matches-glob.ts'
import type { Topology } from '../../model/topology.ts'
import { type DeclaredByRun, ownAddresses } from '../../plan/declared-by-run.ts'
import type { Plan } from '../../plan/plan.ts'

/** Whether a plan also lists unmanaged objects. */
export interface UnmanagedOptions {
  /**
   * Also list the objects in the vhosts of the plan that no project owns and no file of the run declares, and compute
   * the managed share. Default false.
   */
  readonly showUnmanaged?: boolean
}

interface Declared {
  /** The objects that the files of the plan declare. */
  readonly desired: Topology
  /** The objects that other projects of the same run declare. Default: none. */
  readonly declaredByRun?: DeclaredByRun
}

/**
 * Surveys the vhosts of a plan that exist.
 *
 * @param live the state from which the plan was made; it is not read again
 */
export async function surveyOfPlan(
  client: ManagementClient,
  plan: Plan,
  live: Live,
  declared: Declared,
): Promise<PlanSurvey> {
  const existing = new Set(live.topology.vhosts.map(({ name }) => name))
  const vhosts = plan.vhosts.filter((each) => existing.has(each))
  return surveyOfSnapshot(await readSnapshot(client, { vhosts, usage: true, known: live }), plan, declared)
}

/** Surveys a snapshot of the vhosts of a plan. */
export function surveyOfSnapshot(
  snapshot: Snapshot,
  { mode: { targets, excludes } }: { readonly mode: Pick<Plan['mode'], 'targets' | 'excludes'> },
  { desired, declaredByRun }: Declared,
): PlanSurvey {
  const survey = makeSurvey(snapshot, {
    frameworks: recognizeFrameworks(snapshot.live.topology),
    unmanaged: targets,
  })
  const own = ownAddresses(desired)
  return surveyForPlan(
    survey,
    (address) =>
      !own.has(address) && declaredByRun?.has(address) !== true && !excludes.some((glob) => matchesGlob(address, glob)),
  )
}
