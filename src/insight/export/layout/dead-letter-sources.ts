import { failedExchangeName } from '../../../model/generated-names.ts'
import { topicMatches } from '../../../model/routing/topic-match.ts'
import type { Binding, Queue } from '../../../model/topology.ts'
import { textArgument, type VhostLookup } from '../topology-lookup.ts'

/**
 * Maps each dead-letter queue to the queues that it receives dead letters from, by name. A queue counts as a
 * dead-letter queue if it receives only dead letters: all of its bindings come from dead-letter exchanges, or a queue
 * names it through the default exchange.
 */
export function deadLetterSources(lookup: VhostLookup): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const queues = [...lookup.queues.values()]
  const exchanges = new Set(queues.flatMap((queue) => textArgument(queue, 'x-dead-letter-exchange') ?? []))
  const getsOnlyDeadLetters = (queue: string): boolean =>
    lookup.to('queue', queue).every(({ source }) => exchanges.has(source))
  for (const queue of queues) {
    for (const target of deadLetterTargets(queue, lookup)) {
      if (target === queue.name || returnsTo(queue, target, lookup) || !getsOnlyDeadLetters(target)) continue
      const sources = found.get(target)
      if (sources) sources.push(queue.name)
      else found.set(target, [queue.name])
    }
  }
  return found
}

/** The names of existing queues that receive the dead letters of a queue directly. */
export function deadLetterTargets(queue: Queue, lookup: VhostLookup): readonly string[] {
  const exchange = textArgument(queue, 'x-dead-letter-exchange')
  if (exchange === undefined) return []
  const key = textArgument(queue, 'x-dead-letter-routing-key')
  if (exchange === '') return key !== undefined && lookup.queues.has(key) ? [key] : []
  const type = lookup.exchanges.get(exchange)?.type
  const bindings = type === 'direct' && key !== undefined ? lookup.fromWithKey(exchange, key) : lookup.from(exchange)
  const targets = bindings
    .filter((each) => each.destinationType === 'queue' && mayMatch(type, each, key))
    .map(({ destination }) => destination)
  return [...new Set(targets)].filter((name) => lookup.queues.has(name))
}

/**
 * Whether a binding may match a message. Without a known key, the message keeps its own, so every binding may match.
 */
function mayMatch(type: string | undefined, { routingKey }: Binding, key: string | undefined): boolean {
  if (key === undefined) return true
  return type === 'topic' ? topicMatches(routingKey, key) : true
}

/**
 * Whether a queue is a delay queue that returns messages to its target. The target is then not its dead-letter queue.
 */
function returnsTo(queue: Queue, target: string, lookup: VhostLookup): boolean {
  if (!Object.hasOwn(queue.arguments, 'x-message-ttl')) return false
  const exchange = textArgument(queue, 'x-dead-letter-exchange')
  if (exchange === '' || exchange === failedExchangeName(target)) return true
  const back = lookup.queues.get(target)
  return back !== undefined && deadLetterTargets(back, lookup).includes(queue.name)
}
