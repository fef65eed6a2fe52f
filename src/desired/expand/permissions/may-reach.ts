import { DEFAULT_EXCHANGE, type KnownExchanges } from '../checks/known-exchanges.ts'
import { topicMatches } from '../../../model/routing/topic-match.ts'
import { type BindingsByKey, type MessageKeys, patternOf } from './bindings-by-key.ts'

/** Whether an exchange of a type may route a message by a binding with this key. */
export type Takes = (type: string | undefined, bindingKey: string) => boolean

/** Matches a message with this key. If the type considers more than the key, it is assumed to be routed. */
export function withKey(routingKey: string): Takes {
  return (type, bindingKey) => {
    if (type === 'direct') return bindingKey === routingKey
    return type !== 'topic' || topicMatches(bindingKey, routingKey)
  }
}

/** Matches a message with any key that the `{parameter}` parts of a publication's routing key can produce. */
export function withAnyKeyOf(routingKey: string): Takes {
  const whole = patternOf(routingKey)
  // A parameter contains no dot, so the number of words is fixed.
  const words = new Map(routingKey.split('.').map((word) => [word, patternOf(word)]))
  const same = (bound: string, published: string) => words.get(published)?.test(bound) ?? false
  return (type, bindingKey) => {
    if (type === 'direct') return whole.test(bindingKey)
    return type !== 'topic' || topicMatches(bindingKey, routingKey, same)
  }
}

/**
 * Whether a message that is published to an exchange can arrive in a queue, or in any queue if none is named. If the
 * files do not decide it, the answer is yes: for bindings of an undeclared exchange, an undeclared alternate exchange,
 * and types that consider more than the key.
 */
export function mayReach(
  queue: string | undefined,
  message: MessageKeys & { readonly exchange: string },
  known: KnownExchanges,
  bindings: BindingsByKey,
): boolean {
  const { exchange: first, routingKey, hasParameters } = message
  if (first === DEFAULT_EXCHANGE) {
    return queue === undefined || (hasParameters ? patternOf(routingKey).test(queue) : routingKey === queue)
  }
  const reached = new Set([first])
  for (const name of reached) {
    const exchange = known.get(name)
    if (!exchange || exchange.foreign) return true
    if (exchange.alternate !== undefined) reached.add(exchange.alternate)
    else if (exchange.hasAlternate) return true
    for (const { destinationType, destination } of bindings.matching(name, exchange.type, message)) {
      if (destinationType === 'exchange') reached.add(destination)
      else if (queue === undefined || destination === queue) return true
    }
  }
  return false
}
