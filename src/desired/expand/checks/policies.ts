import type { PolicySection, Section } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import {
  exceededKey,
  excludedKey,
  neededKey,
  POLICY_KEYS,
  policyKey,
  policyValueRules,
} from '../../../model/broker-tables/policy-keys.ts'
import { queueArgument } from '../../../model/broker-tables/queue-arguments.ts'
import { describeRule, satisfiesRule } from '../../../model/broker-tables/value-rule.ts'
import { argumentText } from '../objects/argument-table.ts'
import type { ExpandContext } from '../expand-context.ts'
import { checkExpression } from './expressions.ts'

const KEYS = POLICY_KEYS.map(({ key }) => key)

/** Reports policies that no version of RabbitMQ accepts, because of a key, a value or the pattern. */
export function checkPolicies(scope: ExpandContext, section: Section<PolicySection>): void {
  for (const policy of Object.values(section)) {
    checkExpression(scope, policy, 'pattern')
    if (Object.keys(policy.definition).length === 0) {
      scope.report(finding('policy-empty', {}, scope.locate(policy, 'definition')))
    }
    for (const key of Object.keys(policy.definition)) checkKey(scope, policy, key)
  }
}

function checkKey(scope: ExpandContext, { definition }: PolicySection, key: string): void {
  const location = scope.locate(definition, key)
  const row = policyKey(key)
  if (row === undefined) {
    const bare = key.replace(/^x-/, '')
    if (bare !== key && policyKey(bare) !== undefined) {
      scope.report(finding('policy-key-prefixed', { key, instead: bare }, location))
    } else if (queueArgument(`x-${bare}`) !== undefined) {
      scope.report(finding('policy-key-is-argument', { key, argument: `x-${bare}` }, location))
    } else {
      const { suggestion } = scope.suggest('policy key', inKebabCase(bare), KEYS)
      if (suggestion !== undefined) scope.report(finding('policy-key-misspelt', { key, suggestion }, location))
    }
    return
  }
  const needed = neededKey(row, definition)
  if (needed !== undefined) scope.report(finding('argument-needs', { argument: key, needs: needed }, location))
  const exceeded = exceededKey(row, definition)
  if (exceeded !== undefined) scope.report(finding('key-below-other', { key, other: exceeded }, location))
  const excluded = excludedKey(row, definition)
  // Each pair is reported once, at the second of its keys.
  if (excluded !== undefined && excluded < key) {
    scope.report(finding('keys-exclude-each-other', { key, other: excluded }, location))
  }
  if (key === 'federation-upstream-pattern') checkExpression(scope, definition, key)
  const value = definition[key]
  const rules = policyValueRules(row)
  const newest = rules.at(-1)
  if (value === undefined || newest === undefined || rules.some((rule) => satisfiesRule(rule, value))) return
  const args = { what: key, value: argumentText(value), expected: describeRule(newest) }
  scope.report(
    finding('value-refused', { ...args, isText: typeof value === 'string' }, scope.locate(definition, key, 'value')),
  )
}

/** Converts `messageTtl` to `message-ttl`, because other tools and warren's own properties use the former spelling. */
function inKebabCase(key: string): string {
  return key.replace(/_/g, '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
