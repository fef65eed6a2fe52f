import type { Publication } from '../../../../model/routes.ts'
import { groupByKey } from '../../../../model/values/group-by-key.ts'
import type { LintedVhost } from '../../lint-context.ts'
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
  subjects({ vhosts, others = [] }) {
    if (others.length === 0) return () => ({})
    const named = groupByKey(
      vhosts.flatMap((vhost) => vhost.publications.map((publication) => ({ vhost, publication }))),
      ({ publication }) => publication.name,
    )
    return (warning) => {
      const found = warning.code === 'publication-reaches-nothing' ? (named.get(warning.args.publication) ?? []) : []
      const holds = found.some(({ vhost, publication }) => mayReachNoQueue(vhost, publication))
      return found.length === 0 || holds ? {} : undefined
    }
  },
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

/**
 * Whether no binding in the whole virtual host matches a publication. The values of parameters in its key are unknown.
 */
function mayReachNoQueue(vhost: LintedVhost, { exchange, routingKey, headers, parameters }: Publication): boolean {
  if (parameters.length === 0) return vhost.reachesNoQueue(exchange, { routingKey, headers })
  const own = vhost.topology.bindings.filter(({ source }) => source === exchange)
  return vhost.bindingsFrom(exchange).length === own.length
}
