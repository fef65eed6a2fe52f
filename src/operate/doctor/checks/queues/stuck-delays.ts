import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { effectiveSetting } from '../../../../insight/lint/effective-setting.ts'
import { deadLetterTargets } from '../../../../model/policies/dead-letter-targets.ts'
import { durationLabel } from '../../../../model/values/duration.ts'
import type { Check, Symptom, Undecided } from '../../check.ts'
import type { CheckContext, CheckedQueue } from '../../check-context.ts'

/** The age of statistics, in milliseconds. */
const STATISTICS = 5_000

export const stuckDelays: Check = {
  id: 'stuck-delays',
  title: 'messages leave delay queues when their delay is over',
  needs: ['queues', 'consumers'],
  *check(context) {
    for (const checked of context.queues()) {
      if (checked.role === 'delay') yield* checkDelay(context, checked)
    }
  },
}

function* checkDelay(context: CheckContext, checked: CheckedQueue): Iterable<Symptom | Undecided> {
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
  if (shrinks || isFed(context, checked)) return
  yield {
    severity: 'warning',
    address,
    message: `${countOf(waiting, 'message')} ${waiting === 1 ? 'has' : 'have'} been in the queue for ${durationLabel(Math.round(context.window / 1_000) * 1_000)}, and its delay is ${durationLabel(delay)}`,
    numbers: { messages: waiting, delay, window: context.window },
    advice:
      'a TTL that a policy sets later does not apply to messages that were already there, and all others wait behind them: move them with a shovel, or purge the queue',
  }
}

/** Whether messages arrived in the sample, from a program or as dead letters of a queue that was in use. */
function isFed(context: CheckContext, { queue, vhost, address }: CheckedQueue): boolean {
  const grew = (at: string, counter: 'published' | 'delivered') =>
    (context.last.queues.get(at)?.[counter] ?? 0) > (context.first.queues.get(at)?.[counter] ?? 0)
  if (grew(address, 'published')) return true
  const bound = new Set(
    vhost.topology.bindings.flatMap(({ source, destination }) => (destination === queue.name ? [source] : [])),
  )
  return vhost.queues.some(
    (source) =>
      grew(source.address, 'delivered') &&
      deadLetterTargets(source.queue, vhost.winners).some(
        (target) =>
          target !== undefined &&
          (target.exchange === '' ? (target.routingKey ?? '') === queue.name : bound.has(target.exchange)),
      ),
  )
}
