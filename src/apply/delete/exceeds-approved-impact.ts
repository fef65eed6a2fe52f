import type { Impact } from '../../plan/change.ts'
import type { ApplyRun } from '../apply-run.ts'

/** The current impact. */
export interface ImpactNow {
  readonly messages?: number
  readonly consumers?: number
  /** Addresses. */
  readonly bindings: readonly string[]
  /** Objects that send dead letters or unroutable messages to it. Default: the senders that the plan named. */
  readonly senders?: readonly { readonly address: string }[]
}

/** Describes the losses that exceed the approved impact of the plan; undefined if there are none. */
export function exceedsApprovedImpact(planned: Impact | undefined, now: ImpactNow): string | undefined {
  const known = new Set(planned?.bindings)
  const added = now.bindings.filter((each) => !known.has(each))
  const sending = new Set(planned?.senders?.map(({ address }) => address))
  const sender = now.senders?.find(({ address }) => !sending.has(address))
  const parts = [
    exceeding('message', planned?.messages, now.messages),
    exceeding('consumer', planned?.consumers, now.consumers),
    added.length === 0 ? undefined : `the binding ${added[0]} was added`,
    sender && `${sender.address} sends messages there, which the plan did not name`,
  ].filter((each) => each !== undefined)
  return parts.length === 0 ? undefined : parts.join(', ')
}

function exceeding(thing: string, planned = 0, now = 0): string | undefined {
  return now > planned ? `it has ${now} ${thing}${now === 1 ? '' : 's'}, and the plan named ${planned}` : undefined
}

/** A step was stopped because more is at risk than the plan named. The step has changed nothing. */
export class StaleError extends Error {
  override readonly name = 'StaleError'
  readonly code = 'STALE_PLAN'
}

/**
 * @throws {StaleError} when more is at risk than the plan named, except for the bindings that the run itself created
 */
export function requireApprovedImpact({ made }: ApplyRun, planned: Impact | undefined, now: ImpactNow): void {
  const exceeded = exceedsApprovedImpact(planned, { ...now, bindings: now.bindings.filter((each) => !made.has(each)) })
  if (exceeded !== undefined) throw new StaleError(exceeded)
}
