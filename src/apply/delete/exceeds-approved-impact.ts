import type { Impact } from '../../plan/change.ts'
import type { ApplyRun } from '../apply-run.ts'

/** The current impact. */
export interface ImpactNow {
  readonly messages?: number
  readonly consumers?: number
  /** Addresses. */
  readonly bindings: readonly string[]
  /** Objects that send dead letters or unroutable messages there. Default: those that the plan named. */
  readonly senders?: readonly { readonly address: string }[]
}

/** Says what exceeds that which the plan named, and whoever approved it has seen; undefined when nothing does. */
export function exceedsApprovedImpact(planned: Impact | undefined, now: ImpactNow): string | undefined {
  const known = new Set(planned?.bindings)
  const added = now.bindings.filter((each) => !known.has(each))
  const sending = new Set(planned?.senders?.map(({ address }) => address))
  const sender = now.senders?.find(({ address }) => !sending.has(address))
  const parts = [
    exceeding('message', planned?.messages, now.messages),
    exceeding('consumer', planned?.consumers, now.consumers),
    added.length === 0 ? undefined : `the binding ${added[0]} was added`,
    sender && `${sender.address} sends messages there, and the plan did not name that`,
  ].filter((each) => each !== undefined)
  return parts.length === 0 ? undefined : parts.join(', ')
}

function exceeding(thing: string, planned = 0, now = 0): string | undefined {
  return now > planned ? `it has ${now} ${thing}${now === 1 ? '' : 's'}, and the plan named ${planned}` : undefined
}

/** A step was stopped, since more is at risk than the plan named. Nothing of it was done. */
export class StaleError extends Error {
  override readonly name = 'StaleError'
  readonly code = 'STALE_PLAN'
}

/**
 * @throws {StaleError} when more is at risk than the plan named, but for the bindings that the run itself has made
 */
export function requireApprovedImpact({ made }: ApplyRun, planned: Impact | undefined, now: ImpactNow): void {
  const exceeded = exceedsApprovedImpact(planned, { ...now, bindings: now.bindings.filter((each) => !made.has(each)) })
  if (exceeded !== undefined) throw new StaleError(exceeded)
}
