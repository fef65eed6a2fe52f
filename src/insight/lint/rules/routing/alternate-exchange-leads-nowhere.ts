import type { Finding } from '../../../../diagnostics/findings/finding.ts'
import { addressOf } from '../../../../model/address.ts'
import { alternatesOf } from '../../../../model/policies/dead-letter-targets.ts'
import type { Exchange } from '../../../../model/topology.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { about, type Rule } from '../../rule.ts'

export const alternateExchangeLeadsNowhere: Rule = {
  id: 'alternate-exchange-leads-nowhere',
  group: 'routing',
  severity: 'warning',
  meaning:
    'The alternate exchange of an exchange does not exist, or nothing is bound to it, so unroutable messages are dropped.',
  remedy: 'Declare the alternate exchange and bind a queue to it.',
  adopts: ['alternate-exchange-unknown', 'alternate-exchange-reaches-nothing'],
  subjects({ vhosts, others = [] }) {
    const found = vhosts.flatMap((vhost) => alternatesIn(vhost).map((each) => ({ ...each, vhost })))
    return (warning) => {
      const name = alternateOf(warning)
      const having = found.filter((each) => each.alternate === name)
      const [first] = having
      if (first === undefined) return {}
      const holds = others.length === 0 || having.some(({ vhost, alternate }) => leadsNowhere(vhost, alternate))
      return holds ? { address: addressOf('exchange', first.exchange) } : undefined
    }
  },
  *check({ vhosts, warnings = [] }) {
    const reported = new Set(warnings.map(alternateOf))
    for (const vhost of vhosts) {
      for (const { exchange, alternate } of alternatesIn(vhost)) {
        if (reported.has(alternate) || !leadsNowhere(vhost, alternate)) continue
        yield about(
          'exchange',
          exchange,
          `unroutable messages of exchange "${exchange.name}" go to "${alternate}", ${vhost.exchanges.has(alternate) ? 'to which nothing is bound' : 'which does not exist'}`,
          'declare it and bind a queue, or declare it as external where another project does',
        )
      }
    }
  },
}

/** The exchange that a warning about the files names. */
function alternateOf(warning: Finding): string | undefined {
  const isOwn = warning.code === 'alternate-exchange-unknown' || warning.code === 'alternate-exchange-reaches-nothing'
  return isOwn ? warning.args.exchange : undefined
}

/** The exchanges whose alternate exchange is known with certainty. */
function alternatesIn(vhost: LintedVhost): readonly { readonly exchange: Exchange; readonly alternate: string }[] {
  return vhost.topology.exchanges.flatMap((exchange) => {
    const [alternate, ...others] = exchange.external ? [] : alternatesOf(exchange, vhost.winners.policies)
    return alternate === undefined || others.length > 0 ? [] : [{ exchange, alternate }]
  })
}

function leadsNowhere(vhost: LintedVhost, name: string): boolean {
  const alternate = vhost.exchanges.get(name)
  if (name === '' || alternate === undefined) return name !== ''
  const leadsOn = vhost.bindingsFrom(name).length > 0 || alternatesOf(alternate, vhost.winners.policies).length > 0
  return alternate.external !== true && !leadsOn
}
