import { durationLabel } from '../../../../model/values/duration.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

export const expirationIntoDelayQueue: Rule = {
  id: 'expiration-into-delay-queue',
  group: 'loss',
  severity: 'warning',
  meaning:
    'Messages with their own expiration wait behind messages that live longer, because a delay queue expires messages only at its head.',
  remedy: 'Use one delay queue for each delay, with `messageTtl`, and publish without `expiration`.',
  *check({ vhosts }) {
    for (const vhost of vhosts) {
      const arriving = expirationsByQueue(vhost)
      for (const [publication, queues] of arriving.publications) {
        const { name, expiration } = publication
        if (expiration === undefined) continue
        for (const queue of queues) {
          const longest = longestBefore(vhost, queue, expiration, arriving.longestByQueue.get(queue) ?? expiration)
          if (longest === undefined) continue
          const others = longest === Infinity ? 'that do not expire' : `that live ${durationLabel(longest)}`
          yield aboutRoute(
            publication,
            `messages of publication "${name}" expire after ${durationLabel(expiration)} only at the head of delay queue "${queue}", and wait there behind messages ${others}`,
            'use a separate delay queue with messageTtl',
          )
        }
      }
    }
  },
}

/** The longest time that an earlier message may wait in the delay queue, if that is longer. */
function longestBefore(
  { model, whole }: LintedVhost,
  name: string,
  expiration: number,
  longestArriving: number,
): number | undefined {
  const { options = [] } = model.settings(name) ?? {}
  const [settings] = options
  const isDelay = settings?.deadLetter !== undefined && !whole.routes.subscriptions.some(({ queue }) => queue === name)
  if (!isDelay || options.length > 1 || model.queue(name)?.external) return undefined
  const { messageTtl = Infinity } = settings
  const longest = Math.min(messageTtl, longestArriving)
  return longest > expiration ? longest : undefined
}

/** The queues that publications without parameters reach, and the longest expiration of the messages in each queue. */
function expirationsByQueue({ model, publications }: LintedVhost) {
  const reached = new Map<LintedVhost['publications'][number], readonly string[]>()
  const longestByQueue = new Map<string, number>()
  if (publications.every(({ expiration }) => expiration === undefined)) return { publications: reached, longestByQueue }
  for (const publication of publications) {
    const { exchange, routingKey, headers, parameters, expiration = Infinity } = publication
    if (parameters.length > 0) continue
    const { queues } = model.route(exchange, { routingKey, headers })
    reached.set(publication, queues)
    for (const queue of queues) longestByQueue.set(queue, Math.max(longestByQueue.get(queue) ?? 0, expiration))
  }
  return { publications: reached, longestByQueue }
}
