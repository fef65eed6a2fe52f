import type { Coverage } from './coverage.ts'
import type { Survey } from './survey.ts'
import type { UnknownPart } from '../../broker/snapshot/unknown.ts'
import type { UnmanagedObject } from './unmanaged.ts'

/** The share of managed objects in the vhosts of a plan, and the objects that no project owns and no file declares. */
export interface PlanSurvey extends Pick<Survey, 'unknown'> {
  /** Of all vhosts of the plan, before an apply. */
  readonly coverage: Coverage
  readonly vhosts: readonly { readonly name: string; readonly coverage: Coverage }[]
  /**
   * Objects that no project owns and no file of the run declares; absent where it is unknown who owns what.
   */
  readonly unmanaged?: readonly UnmanagedObject[]
}

/** Parts of a broker that neither coverage nor the list uses. */
const NOT_COUNTED: ReadonlySet<UnknownPart> = new Set<UnknownPart>([
  'users',
  'permissions',
  'topic-permissions',
  'global-parameters',
  'vhost-limits',
  'vhost-metadata',
  'internal-exchanges',
])

/**
 * The part of a survey that belongs to a plan.
 *
 * @param isListed whether an address without an owner is listed; those that the files declare are not
 */
export function surveyForPlan(
  { coverage, vhosts, unmanaged, unknown }: Survey,
  isListed: (address: string) => boolean,
): PlanSurvey {
  return {
    coverage,
    vhosts: vhosts.map(({ name, coverage: each }) => ({ name, coverage: each })),
    ...(unmanaged && { unmanaged: unmanaged.filter(({ address }) => isListed(address)) }),
    unknown: unknown.filter(({ what }) => !NOT_COUNTED.has(what)),
  }
}
