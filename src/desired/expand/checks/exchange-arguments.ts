import type { ExchangeSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { EXCHANGE_ARGUMENTS } from '../../../model/broker-tables/exchange-arguments.ts'
import { describeRule, satisfiesRule } from '../../../model/broker-tables/value-rule.ts'
import { argumentText } from '../objects/argument-table.ts'
import type { ExpandContext } from '../expand-context.ts'

/** Reports the written arguments of an exchange that no version of RabbitMQ takes. */
export function checkExchangeArguments(scope: ExpandContext, section: ExchangeSection): void {
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
