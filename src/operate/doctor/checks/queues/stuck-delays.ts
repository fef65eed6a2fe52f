import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { effectiveSetting } from '../../../../insight/lint/effective-setting.ts'
import { deadLetterTargets } from '../../../../model/policies/dead-letter-targets.ts'
import type { Binding, Queue } from '../../../../model/topology.ts'
import { durationLabel } from '../../../../model/values/duration.ts'
import { groupByKey } from '../../../../model/values/group-by-key.ts'
import type { Check, Symptom, Undecided } from '../../check.ts'
import type { CheckContext, CheckedQueue, CheckedVhost } from '../../check-context.ts'

/** The age of statistics, in milliseconds. */
const STATISTICS = 5_000

export const stuckDelays: Check = {
  id: 'stuck-delays',
  title: 'messages leave delay queues when their delay is over',
  needs: ['queues', 'consumers'],
  *check(context) {
    const feeds = new Map<CheckedVhost, Feeds>()
    const feedsIn = (vhost: CheckedVhost): Feeds => {
      const known = feeds.get(vhost) ?? activeFeeds(context, vhost)
      feeds.set(vhost, known)
      return known
    }
    for (const checked of context.queues()) {
      if (checked.role === 'delay') yield* checkDelay(context, checked, feedsIn)
    }
  },
}

function* checkDelay(
  context: CheckContext,
  checked: CheckedQueue,
  feedsIn: (vhost: CheckedVhost) => Feeds,
): Iterable<Symptom | Undecided> {
  const { address, queue, vhost } = checked
  const consumers = context.last.consumers?.get(address) ?? 0
  if (consumers > 0) {
    yield {
      severity: 'warning',
      address,
      message: `${countOf(consumers, 'consumer')} ${consumers === 1 ? 'takes' : 'take'} messages from a delay queue, before their delay is over`,
      numbers: { consumers },
      advice: 'let the program consume the queue to which the messages return',
    }
  }
  const seen = context.seen(checked)
  // Their delay is over, and the check `held-dead-letters` reports them.
  if (seen.every(({ held }) => held > 0)) return
  const numbers = seen.map(({ messages = 0 }) => messages)
  const waiting = Math.min(...numbers)
  const delay = effectiveSetting(queue, vhost.winners, 'message-ttl')
  if (numbers.length === 0 || waiting === 0 || typeof delay !== 'number') return
  const needed = delay + 2 * STATISTICS
  if (context.window < needed) {
    yield { undecided: 'sample-too-short', address, needed }
    return
  }
  const shrinks = numbers.some((each, at) => at > 0 && each < (numbers[at - 1] ?? 0))
  if (shrinks || hasGrown(context, address, 'published') || isFed(queue, feedsIn(vhost))) return
  yield {
    severity: 'warning',
    address,
    message: `${countOf(waiting, 'message')} ${waiting === 1 ? 'has' : 'have'} been in the queue for ${durationLabel(Math.round(context.window / 1_000) * 1_000)}, and its delay is ${durationLabel(delay)}`,
    numbers: { messages: waiting, delay, window: context.window },
    advice:
      'a TTL that a policy sets later does not apply to messages that were already there, and all others wait behind them: move them with a shovel, or purge the queue',
  }
}

/** The queues of a vhost that were in use in the sample: where their dead letters go, and the sources of its bindings. */
interface Feeds {
  readonly queues: ReadonlySet<string>
  readonly exchanges: ReadonlySet<string>
  readonly bindings: ReadonlyMap<string, readonly Binding[]>
}

/** Computed once for each vhost, because many delay queues may hold messages. */
function activeFeeds(context: CheckContext, { queues, winners, topology }: CheckedVhost): Feeds {
  const targets = queues
    .filter(({ address }) => hasGrown(context, address, 'delivered'))
    .flatMap(({ queue }) => deadLetterTargets(queue, winners))
    .filter((target) => target !== undefined)
  return {
    queues: new Set(targets.flatMap(({ exchange, routingKey }) => (exchange === '' ? [routingKey ?? ''] : []))),
    exchanges: new Set(targets.flatMap(({ exchange }) => (exchange === '' ? [] : [exchange]))),
    bindings: groupByKey(topology.bindings, ({ destination }) => destination),
  }
}

/** Whether dead letters of a queue that was in use arrived in a queue. */
function isFed({ name }: Queue, { queues, exchanges, bindings }: Feeds): boolean {
  return queues.has(name) || (bindings.get(name) ?? []).some(({ source }) => exchanges.has(source))
}

function hasGrown({ first, last }: CheckContext, at: string, counter: 'published' | 'delivered'): boolean {
  return (last.queues.get(at)?.[counter] ?? 0) > (first.queues.get(at)?.[counter] ?? 0)
}
