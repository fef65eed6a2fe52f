import { finding } from '../../../diagnostics/findings/finding.ts'
import type { RelatedLocation } from '../../../diagnostics/location.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { lossWords, settingWords } from '../../../model/policies/derived-effect-words.ts'
import {
  type DerivedEffect,
  effectsOnExchange,
  effectsOnQueue,
  isStorageKey,
  retriedQueues,
} from '../../../model/policies/derived-effects.ts'
import { addressOf } from '../../../model/address.ts'
import { winnersOf } from '../../../model/policies/winning-policies.ts'
import type { Exchange, Policy, Queue } from '../../../model/topology.ts'
import { describeDerived } from '../failure/describe-derived.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The expanded objects of a vhost that policies may apply to. */
export interface Captured {
  readonly queues: Iterable<Queue>
  readonly exchanges: Iterable<Exchange>
  /** Names of explicitly declared exchanges, which policies are meant for. */
  readonly declaredExchanges: ReadonlySet<string>
  readonly policies: readonly Policy[]
  readonly operatorPolicies: readonly Policy[]
}

/**
 * Reports declared policies that also apply to queues and exchanges that `retry`, `deadLetter` and `superStreams`
 * derive. It is an error if dead letters or waiting retries would be lost. Only a plan knows the other policies on the
 * broker.
 */
export function reportCaptured(scope: ExpandContext, captured: Captured): void {
  const { policies, operatorPolicies } = captured
  if (policies.length + operatorPolicies.length === 0) return
  const winners = winnersOf({ policies, operatorPolicies }, undefined)
  const groups = new Map<string, Group>()
  const add = (effects: readonly DerivedEffect[], object: Queue | Exchange, what: string) => {
    for (const each of effects) addTo(groups, each, { what, ...(object.origin && { origin: object.origin }) })
  }
  const queues = [...captured.queues]
  const retried = retriedQueues(queues)
  for (const queue of queues) {
    if (queue.external) continue
    add(effectsOnQueue(queue, winners, retried.has(addressOf('queue', queue))), queue, describeDerived(queue))
  }
  for (const exchange of captured.exchanges) {
    if (exchange.external || captured.declaredExchanges.has(exchange.name)) continue
    add(effectsOnExchange(exchange, winners), exchange, `the exchange "${exchange.name}"`)
  }
  for (const group of groups.values()) reportGroup(scope, group)
}

/** Objects that are affected by one policy in the same way. */
interface Group {
  readonly effect: DerivedEffect
  readonly said: string
  readonly objects: { readonly what: string; readonly origin?: Location }[]
}

function addTo(groups: Map<string, Group>, effect: DerivedEffect, object: Group['objects'][number]): void {
  const { address, certain, losses, settings } = effect
  const loses = certain && losses.length > 0
  const telling = settings.filter(({ key }) => !isStorageKey(key))
  if (!loses && telling.length === 0) return
  const said = loses ? lossesSaid(effect) : settingWords(telling)
  const key = JSON.stringify([address, loses, said])
  const group = groups.get(key)
  if (group) group.objects.push(object)
  else groups.set(key, { effect, said, objects: [object] })
}

function lossesSaid({ losses, settings }: DerivedEffect): string {
  const said = losses.flatMap(({ loss, key }) => {
    const setting = settings.find((each) => each.key === key)
    return setting === undefined ? [] : [lossWords(loss, setting)]
  })
  return said.join(', and ')
}

/** The maximum number of positions that are listed, because there may be thousands. */
const MOST_PLACES = 20

function reportGroup(scope: ExpandContext, { effect, said, objects }: Group): void {
  const { policy, address, certain, losses } = effect
  const args = {
    policy: policy.name,
    operator: address.startsWith('operator-policy:'),
    objects: objects.map(({ what }) => what),
    said,
  }
  const related: RelatedLocation[] = objects
    .flatMap(({ what, origin }) => (origin === undefined ? [] : [{ label: what, location: origin }]))
    .slice(0, MOST_PLACES)
  const code = !certain
    ? 'policy-may-change-derived'
    : losses.length > 0
      ? 'policy-loses-derived'
      : 'policy-changes-derived'
  scope.report(finding(code, args, policy.origin, related))
}
