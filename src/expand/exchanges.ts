import type { ExchangeSection } from '../declaration/document.ts'
import { finding } from '../diagnostics/finding.ts'
import type { Exchange } from '../model/topology.ts'
import { argumentTable } from './argument-table.ts'
import { referToExchange, type KnownExchanges } from './known-exchanges.ts'
import type { Scope } from './scope.ts'

const ALTERNATE = 'alternate-exchange'

/** Makes the declared exchanges of a vhost, defaults made explicit. */
export function expandExchanges(scope: Scope, known: KnownExchanges): Exchange[] {
  return Object.entries(scope.vhost.exchanges).map(([name, section]) => ({
    vhost: scope.vhost.name,
    name,
    type: section.type ?? 'direct',
    durable: section.durable ?? true,
    autoDelete: section.autoDelete ?? false,
    internal: section.internal ?? false,
    arguments: argumentsOf(scope, known, section),
    origin: scope.locate(scope.vhost.exchanges, name),
    ...(section.external && { external: true }),
  }))
}

function argumentsOf(scope: Scope, known: KnownExchanges, section: ExchangeSection): Exchange['arguments'] {
  const written = section.arguments ?? {}
  if (section.alternateExchange === undefined) return argumentTable(written)
  if (Object.hasOwn(written, ALTERNATE)) {
    scope.report(
      finding(
        'argument-twice',
        { property: 'alternateExchange', argument: ALTERNATE },
        scope.locate(written, ALTERNATE),
        [{ label: 'alternateExchange', location: scope.locate(section, 'alternateExchange') }],
      ),
    )
  }
  referToExchange(scope, known, section.alternateExchange, () => scope.locate(section, 'alternateExchange', 'value'))
  return argumentTable(written, { [ALTERNATE]: section.alternateExchange })
}
