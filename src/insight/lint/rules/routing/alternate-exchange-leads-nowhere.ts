import { alternatesOf } from '../../../../model/policies/dead-letter-targets.ts'
import { about, type Rule } from '../../rule.ts'

export const alternateExchangeLeadsNowhere: Rule = {
  id: 'alternate-exchange-leads-nowhere',
  group: 'routing',
  severity: 'warning',
  meaning:
    'The alternate exchange of an exchange does not exist, or nothing is bound to it, so unroutable messages are dropped.',
  remedy: 'Declare the alternate exchange and bind a queue to it.',
  replaces: ['alternate-exchange-unknown', 'alternate-exchange-reaches-nothing'],
  *check({ vhosts }) {
    for (const vhost of vhosts) {
      for (const exchange of vhost.topology.exchanges) {
        if (exchange.external) continue
        const [name, ...others] = alternatesOf(exchange, vhost.winners.policies)
        if (name === undefined || others.length > 0) continue
        const alternate = vhost.exchanges.get(name)
        const leadsOn =
          alternate !== undefined &&
          (alternate.external === true ||
            vhost.bindingsFrom(name).length > 0 ||
            alternatesOf(alternate, vhost.winners.policies).length > 0)
        if (leadsOn || name === '') continue
        yield about(
          'exchange',
          exchange,
          `what exchange "${exchange.name}" cannot route goes to "${name}", ${alternate === undefined ? 'which does not exist' : 'to which nothing is bound'}`,
          'declare it and bind a queue, or declare it as external where another project does',
        )
      }
    }
  },
}
