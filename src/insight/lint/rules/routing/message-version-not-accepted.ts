import { consumedQueues, FIRST_VERSION, kindOfRoute, type Publication } from '../../../../model/routes.ts'
import { possibleQueues } from '../../../routing/reach.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

export const messageVersionNotAccepted: Rule = {
  id: 'message-version-not-accepted',
  group: 'routing',
  severity: 'error',
  meaning: 'A publication sends a version of its messages that a subscription it reaches does not accept.',
  remedy: 'Add the version to `message.accepts` of the subscription, or send a version that it accepts.',
  *check({ vhosts }) {
    for (const vhost of vhosts) {
      const subscriptions = vhost.whole.routes.subscriptions.filter(({ message }) => message?.accepts !== undefined)
      if (subscriptions.length === 0) continue
      for (const publication of vhost.whole.routes.publications) {
        const version = publication.message?.version ?? FIRST_VERSION
        const reached = new Set(queuesOf(vhost, publication))
        const isOwn = vhost.publications.includes(publication)
        for (const subscription of subscriptions) {
          const accepts = subscription.message?.accepts ?? []
          if (accepts.includes(version) || !consumedQueues(subscription).some((queue) => reached.has(queue))) continue
          // This run does not check other projects with each other.
          if (!isOwn && !vhost.subscriptions.includes(subscription)) continue
          yield {
            ...aboutRoute(
              isOwn ? publication : subscription,
              `subscription "${subscription.name}" does not accept version ${version} of ${kindOfRoute(publication)} "${publication.name}"; accepted: ${accepts.join(', ')}`,
              `add ${version} to message.accepts of the subscription, or send a version that it accepts`,
            ),
            ...(isOwn &&
              subscription.origin && { related: [{ label: 'subscription', location: subscription.origin }] }),
          }
        }
      }
    }
  },
}

function queuesOf({ model }: LintedVhost, { exchange, routingKey, headers }: Publication): readonly string[] {
  const key = routingKey.replaceAll(/\{[^{}]*\}/g, 'any-word')
  return possibleQueues(model.route(exchange, { routingKey: key, headers }))
}
