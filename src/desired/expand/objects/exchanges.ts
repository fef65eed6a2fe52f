import type { ExchangeSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Exchange } from '../../../model/topology.ts'
import { argumentTable } from './argument-table.ts'
import { checkExchangeArguments } from '../checks/exchange-arguments.ts'
import { ALTERNATE, referToExchange, type KnownExchanges } from '../checks/known-exchanges.ts'
import type { ExpandContext } from '../expand-context.ts'

/** Makes the declared exchanges of a vhost, defaults made explicit. */
export function expandExchanges(scope: ExpandContext, known: KnownExchanges): Exchange[] {
  for (const section of Object.values(scope.vhost.exchanges)) {
    warnOfType(scope, section)
    checkExchangeArguments(scope, section)
  }
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
    ...(section.protect && { protect: true }),
    ...(section.renamedFrom !== undefined && { renamedFrom: section.renamedFrom }),
  }))
}

function argumentsOf(scope: ExpandContext, known: KnownExchanges, section: ExchangeSection): Exchange['arguments'] {
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

const TYPES = ['direct', 'fanout', 'topic', 'headers']

/**
 * Plugins add types of any name, usually with the prefix `x-`, so only names near to the broker's own types are
 * suspicious.
 */
function warnOfType(scope: ExpandContext, section: ExchangeSection): void {
  const { type } = section
  if (type === undefined || TYPES.includes(type) || type.startsWith('x-')) return
  const { suggestion } = scope.suggest('exchange type', type, TYPES)
  if (suggestion === undefined) return
  scope.report(finding('exchange-type-misspelt', { type, suggestion }, scope.locate(section, 'type', 'value')))
}
