import { alternatesOf, deadLetterTargets } from '../../../../model/policies/dead-letter-targets.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { about, type Rule } from '../../rule.ts'

export const exchangeNotPublished: Rule = {
  id: 'exchange-not-published',
  group: 'routing',
  severity: 'warning',
  meaning:
    'An exchange gets no messages, although its vhost declares publications: no publication, binding, dead letter or alternate exchange leads to it.',
  remedy: 'Declare the publication. If a program without declared routes publishes there, accept the finding.',
  *check({ vhosts }) {
    for (const vhost of vhosts) {
      if (vhost.publications.length === 0) continue
      const reached = reachedExchanges(vhost)
      for (const exchange of vhost.topology.exchanges) {
        const { name, external, internal } = exchange
        if (external || internal || reached.has(name) || Object.hasOwn(exchange.arguments, 'x-super-stream')) continue
        yield about(
          'exchange',
          exchange,
          `no declared publication goes to exchange "${name}", and nothing else leads to it`,
          'declare the publication, or say with # warren-ignore exchange-not-published: which program publishes',
        )
      }
    }
  },
}

function reachedExchanges({ whole, winners, exchanges }: LintedVhost): Set<string> {
  const { topology, routes } = whole
  return new Set([
    ...routes.publications.flatMap(({ exchange, delays = [] }) => [exchange, ...delays.map((each) => each.exchange)]),
    ...topology.bindings.flatMap(({ destinationType, destination }) =>
      destinationType === 'exchange' ? [destination] : [],
    ),
    ...topology.queues.flatMap((queue) => deadLetterTargets(queue, winners).flatMap((each) => each?.exchange ?? [])),
    ...[...exchanges.values()].flatMap((each) => alternatesOf(each, winners.policies)),
    ...routes.subscriptions.flatMap(({ failure }) => {
      if (failure.kind === 'onFailure') return []
      return [failure.exchange, ...(failure.last === 'discard' ? [] : [failure.last.exchange])]
    }),
  ])
}
