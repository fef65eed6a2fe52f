import type { ManagementClient } from '../../broker/management/client.ts'
import type { Impact } from '../../plan/plan.ts'
import { exceedsApprovedImpact, StaleError, type ImpactNow } from '../delete/exceeds-approved-impact.ts'

/** What a replacement has to know. */
export interface RecreateContext {
  readonly client: ManagementClient
  /** Addresses of bindings that the plan deletes: an exchange of another name does not get them. */
  readonly dropped: ReadonlySet<string>
  /** Addresses of bindings that the run makes, whichever step: they are nobody else's. */
  readonly made: Set<string>
}

/** @throws {StaleError} when more is at risk than the plan named, but for the bindings that the run itself has made */
export function stopIfExceeded({ made }: RecreateContext, planned: Impact | undefined, now: ImpactNow): void {
  const exceeded = exceedsApprovedImpact(planned, { ...now, bindings: now.bindings.filter((each) => !made.has(each)) })
  if (exceeded !== undefined) throw new StaleError(exceeded)
}
