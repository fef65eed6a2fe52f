import { aboutRoute, type Rule } from '../../rule.ts'

/**
 * The warnings about the files consider declared bindings only; this rule also considers policies with an alternate
 * exchange.
 */
export const publicationReachesNoQueue: Rule = {
  id: 'publication-reaches-no-queue',
  group: 'routing',
  severity: 'warning',
  meaning: 'A mandatory publication reaches no queue, so each publish fails.',
  remedy: 'Bind a queue to its exchange with its routing key, or correct the key.',
  adopts: ['publication-reaches-nothing'],
  *check({ vhosts, warnings = [] }) {
    const reported = new Set(
      warnings.map((each) => (each.code === 'publication-reaches-nothing' ? each.args.publication : undefined)),
    )
    for (const vhost of vhosts) {
      for (const publication of vhost.publications) {
        const { name, exchange, routingKey, parameters, headers, mandatory } = publication
        if (!mandatory || parameters.length > 0 || reported.has(name)) continue
        if (!vhost.reachesNoQueue(exchange, { routingKey, headers })) continue
        yield aboutRoute(
          publication,
          `publication "${name}" reaches no queue: exchange "${exchange}" routes the key "${routingKey}" nowhere`,
          'bind a queue there with this key, unless another project does',
        )
      }
    }
  },
}
