import type { ExchangeSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Exchange } from '../../../model/topology.ts'
import { argumentTable, argumentText } from './argument-table.ts'
import { ALTERNATE, type KnownExchanges, referToExchange } from '../checks/known-exchanges.ts'
import type { ExpandContext } from '../expand-context.ts'
import { EXCHANGE_ARGUMENTS } from '../../../model/broker-tables/exchange-arguments.ts'
import { describeRule, satisfiesRule } from '../../../model/broker-tables/value-rule.ts'

/** Makes the declared exchanges of a vhost, with explicit defaults. */
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
 * Plugins add types with any name, usually with the prefix `x-`, so only names similar to the broker's own types are
 * suspicious.
 */
function warnOfType(scope: ExpandContext, section: ExchangeSection): void {
  const { type } = section
  if (type === undefined || TYPES.includes(type) || type.startsWith('x-')) return
  const { suggestion } = scope.suggest('exchange type', type, TYPES)
  if (suggestion === undefined) return
  scope.report(finding('exchange-type-misspelt', { type, suggestion }, scope.locate(section, 'type', 'value')))
}

/** Reports arguments of an exchange that no version of RabbitMQ accepts. */
function checkExchangeArguments(scope: ExpandContext, section: ExchangeSection): void {
  const table = section.arguments
  if (table === undefined || section.external === true) return
  const ofType = EXCHANGE_ARGUMENTS.filter(({ type }) => type === undefined || type === section.type)
  for (const { name, value: rule, excludes } of ofType) {
    const value = Object.hasOwn(table, name) ? table[name] : undefined
    if (value === undefined) continue
    if (excludes !== undefined && Object.hasOwn(table, excludes)) {
      scope.report(finding('argument-excludes', { argument: name, excludes }, scope.locate(table, name)))
    }
    if (satisfiesRule(rule, value)) continue
    const args = { what: name, value: argumentText(value), expected: describeRule(rule) }
    scope.report(
      finding('value-refused', { ...args, isText: typeof value === 'string' }, scope.locate(table, name, 'value')),
    )
  }
}
