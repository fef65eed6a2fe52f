import type { ManagementClient } from '../../broker/management/client.ts'
import type { Stake } from '../../plan/plan.ts'
import { exceedsStake, StaleError, type StakeNow } from '../delete/exceeds-stake.ts'

/** What a replacement has to know. */
export interface RecreateContext {
  readonly client: ManagementClient
  /** Addresses of bindings that the plan deletes: an exchange of another name does not get them. */
  readonly dropped: ReadonlySet<string>
  /** Addresses of bindings that the run makes, whichever step: they are nobody else's. */
  readonly made: Set<string>
}

/** @throws {StaleError} when more is at stake than the plan named, but for the bindings that the run itself has made */
export function stopIfExceeded({ made }: RecreateContext, planned: Stake | undefined, now: StakeNow): void {
  const exceeded = exceedsStake(planned, { ...now, bindings: now.bindings.filter((each) => !made.has(each)) })
  if (exceeded !== undefined) throw new StaleError(exceeded)
}
