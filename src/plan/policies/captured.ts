import type { Location } from '../../diagnostics/location.ts'
import { address, addressOf, canonicalJson } from '../../model/address.ts'
import { queueOfFailedExchange } from '../../model/generated-names.ts'
import {
  type DerivedEffect,
  effectsOnExchange,
  effectsOnQueue,
  retriedQueues,
} from '../../model/policies/derived-effects.ts'
import { type WinnersOfBoth, WinningPolicies, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Exchange, Policy, Queue } from '../../model/topology.ts'
import type { CapturedLoss, Note } from '../note.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import type { Change } from '../change.ts'

/** The effects of policies on derived objects, and on dead letters that a policy routes. */
export interface CapturedObjects {
  readonly blocks: readonly Block[]
  readonly notes: readonly Note[]
}

/**
 * Compares the effects of live and declared policies on derived queues and exchanges before and after the plan. A plan
 * that would cause a loss is blocked. An existing loss is only noted, because a block would also stop the change that
 * ends it. Declared policies are checked together with the files, unless messages are lost only in combination with
 * live ones.
 */
export function capturedObjects(context: PlanContext, changes: readonly Change[]): CapturedObjects {
  if (context.mode.destroy) return { blocks: [], notes: [] }
  const before = livePolicies(context)
  const captures: Capture[] = []
  const retried = retriedQueues(context.desired.queues)
  for (const queue of context.desired.queues) {
    if (queue.external !== true) captures.push(...queueCaptures(context, queue, before, retried))
  }
  for (const exchange of context.desired.exchanges) {
    if (exchange.external !== true && isDerived(exchange)) captures.push(...exchangeCaptures(context, exchange))
  }
  const isTold = ({ effect, losses }: Capture) => losses.length > 0 || !isDeclared(context, effect)
  return {
    notes: captures.filter(isTold).map(noteOf),
    blocks: [...captures.filter(({ isNew }) => isNew).map(blockOf), ...displacements(context, changes)],
  }
}

interface Capture {
  readonly effect: DerivedEffect
  readonly at: string
  readonly origin?: Location
  readonly losses: readonly CapturedLoss[]
  /** Whether the loss does not exist yet. */
  readonly isNew: boolean
}

function queueCaptures(
  { liveIndex, winners }: PlanContext,
  queue: Queue,
  before: WinnersOfBoth,
  retried: ReadonlySet<string>,
): Capture[] {
  const at = addressOf('queue', queue)
  const isRetried = retried.has(at)
  const effects = effectsOnQueue(queue, winners, isRetried)
  if (effects.length === 0) return []
  const effectsNow = liveIndex.has('queue', at) ? effectsOnQueue(queue, before, isRetried) : []
  const lostNow = new Set(effectsNow.flatMap(lossesOf).map(textOf))
  return effects.map((effect) => {
    const losses = lossesOf(effect)
    return {
      effect,
      at,
      ...(queue.origin && { origin: queue.origin }),
      losses: losses.map(({ policy: _policy, ...loss }) => loss),
      isNew: losses.some((each) => !lostNow.has(textOf(each))),
    }
  })
}

function exchangeCaptures({ winners }: PlanContext, exchange: Exchange): Capture[] {
  return effectsOnExchange(exchange, winners).map((effect) => ({
    effect,
    at: addressOf('exchange', exchange),
    ...(exchange.origin && { origin: exchange.origin }),
    losses: [],
    isNew: false,
  }))
}

function lossesOf({ address: policy, certain, losses, settings }: DerivedEffect) {
  return losses.flatMap(({ loss, key }) => {
    const setting = settings.find((each) => each.key === key)
    // An uncertain effect is noted, with its values.
    if (setting === undefined || !certain) return []
    const { declared, effective } = setting
    return [{ policy, loss, key, effective, ...(declared !== undefined && { declared }) }]
  })
}

function textOf(loss: unknown): string {
  return canonicalJson(loss)
}

function isDeclared({ desiredIndex }: PlanContext, { address: at }: DerivedEffect): boolean {
  return desiredIndex.has('policy', at) || desiredIndex.has('operator-policy', at)
}

/** The exchanges of super streams, and those of failed messages. */
function isDerived({ name, arguments: table }: Exchange): boolean {
  return queueOfFailedExchange(name) !== undefined || Object.hasOwn(table, 'x-super-stream')
}

function livePolicies({ live }: PlanContext): WinnersOfBoth {
  return winnersOf(live.topology, live.broker.version)
}

function placesOf({ effect, origin }: Capture): readonly Location[] {
  return [effect.policy.origin, origin].flatMap((each) => each ?? [])
}

function noteOf(capture: Capture): Note {
  const { effect, at, losses } = capture
  const keys = Object.fromEntries(effect.settings.map(({ key, effective }) => [key, effective]))
  const { certain, address: policy } = effect
  return { note: 'policy-captures', policy, keys, certain, losses, places: placesOf(capture), addresses: [at] }
}

function blockOf(capture: Capture): Block {
  const { effect, at, losses } = capture
  return { reason: 'policy-loses', address: at, policy: effect.address, losses, places: placesOf(capture) }
}

/**
 * Blocks the policies of `deadLetter: { by: policy }` that would displace an undeclared policy of their queue. Its keys
 * are copied only if the displaced policy is declared too.
 */
function displacements(context: PlanContext, changes: readonly Change[]): Block[] {
  const written = changes.flatMap((change) =>
    change.kind === 'policy' && change.action !== 'delete' && isOfDeadLetters(context, change.after) ? [change] : [],
  )
  if (written.length === 0) return []
  const deleted = new Set(changes.flatMap(({ action, address: at }) => (action === 'delete' ? [at] : [])))
  const others = new WinningPolicies(
    context
      .policiesAsTheyWillBe('policy')
      .filter((each) => !isOfDeadLetters(context, each) && !deleted.has(addressOf('policy', each))),
    context.live.broker.version,
  )
  return written.flatMap((change): Block[] => {
    const { address: at, after } = change
    const queue = queueOf(context, after)
    if (queue === undefined) return []
    // A policy that the dead-letter policy has already displaced loses no further keys.
    const held = change.action === 'update' ? change.before.definition : undefined
    return others.of(queue).flatMap(({ policy, certain }): Block[] => {
      if (!certain) return []
      const displaced = addressOf('policy', policy)
      const places = [after.origin, policy.origin, queue.origin].flatMap((each) => each ?? [])
      const common = { address: at, policy: displaced, queue: addressOf('queue', queue), places }
      if (policy.priority >= after.priority) return [{ reason: 'dead-letter-policy-outranked', ...common }]
      const keys = Object.keys(policy.definition)
        .filter((key) => !key.startsWith('dead-letter-') && !Object.hasOwn(after.definition, key))
        .filter((key) => held === undefined || Object.hasOwn(held, key))
        .toSorted()
      return keys.length === 0 ? [] : [{ reason: 'policy-displaced', ...common, keys }]
    })
  })
}

function isOfDeadLetters(context: PlanContext, policy: Policy): boolean {
  return Object.hasOwn(policy.definition, 'dead-letter-exchange') && queueOf(context, policy) !== undefined
}

/** The declared queue whose dead letters a policy of this name routes. */
function queueOf({ desiredIndex }: PlanContext, { vhost, name, pattern }: Policy): Queue | undefined {
  const queue = queueOfFailedExchange(name)
  if (queue === undefined || !pattern.startsWith('^') || !pattern.endsWith('$')) return undefined
  return desiredIndex.get('queue', address('queue', vhost, queue))
}
