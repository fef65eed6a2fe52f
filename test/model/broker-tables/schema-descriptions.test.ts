import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { formatText } from '../../../scripts/format-text.js'
import { POLICY_KEYS, type PolicyKey, policyValueRules } from '../../../src/model/broker-tables/policy-keys.ts'
import {
  QUEUE_ARGUMENTS,
  QUEUE_TYPES,
  type QueueArgument,
  queueTypesOf,
} from '../../../src/model/broker-tables/queue-arguments.ts'
import { EXCHANGE_ARGUMENTS, type ExchangeArgument } from '../../../src/model/broker-tables/exchange-arguments.ts'
import { PARAMETER_KEYS, type ParameterKey } from '../../../src/model/broker-tables/parameter-keys.ts'
import { parameterValueRules } from '../../../src/model/broker-tables/parameter-problem.ts'
import { describeRule } from '../../../src/model/broker-tables/value-rule.ts'
import { describeRanges } from '../../../src/model/broker-version.ts'

const SCHEMA = fileURLToPath(new URL('../../../schemas/topology.schema.json', import.meta.url))

interface Schema {
  readonly definitions: Record<string, { properties?: Record<string, object> }>
}

it('the topology schema describes raw arguments and policy keys by the tables; npx vitest run test/model -u writes it', async () => {
  const schema = JSON.parse(await readFile(SCHEMA, 'utf8')) as Schema
  const { queueArguments, exchangeArguments, policyDefinition, shovel, upstream, upstreamSetMember } =
    schema.definitions
  if (!queueArguments || !exchangeArguments || !policyDefinition || !shovel || !upstream || !upstreamSetMember)
    throw new Error('the schema has lost its tables of arguments')
  queueArguments.properties = described(QUEUE_ARGUMENTS.map((each) => [each.name, describeArgument(each)]))
  exchangeArguments.properties = described(
    EXCHANGE_ARGUMENTS.map((each) => [each.name, describeExchangeArgument(each)]),
  )
  shovel.properties = { ...parameters(PARAMETER_KEYS.shovel), ...ownKeys(shovel) }
  upstream.properties = { ...parameters(PARAMETER_KEYS['federation-upstream']), ...ownKeys(upstream) }
  upstreamSetMember.properties = parameters(PARAMETER_KEYS['federation-upstream-set'])
  policyDefinition.properties = described(POLICY_KEYS.map((each) => [each.key, describeKey(each)]))
  const text = await formatText(SCHEMA, JSON.stringify(schema, undefined, 2))

  await expect(text).toMatchFileSnapshot(SCHEMA)
})

/**
 * The schema only describes the keys. The tables check the values, because this depends on the place and the version.
 */
function described(entries: readonly (readonly [string, string])[]): Record<string, object> {
  return Object.fromEntries(
    entries.map(([name, description]) => [name, { $ref: '#/definitions/argumentValue', description }]),
  )
}

/** Keys that belong to warren and are not sent to the broker. */
function ownKeys({ properties = {} }: { readonly properties?: Readonly<Record<string, object>> }) {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key === 'forEach' || key === 'new'))
}

/** The schema accepts any JSON, for the same reason. */
function parameters(rows: readonly ParameterKey[]): Record<string, object> {
  return Object.fromEntries(rows.map((row) => [row.key, { description: describeParameter(row) }]))
}

function describeParameter(row: ParameterKey): string {
  const value = parameterValueRules(row).map(describeRule).at(-1) ?? ''
  return (
    [
      capitalized(value),
      ...(row.required ? ['needed'] : []),
      ...(row.excludes === undefined ? [] : [`not next to ${row.excludes}`]),
      ...(row.protocols === undefined ? [] : [`with ${row.end}-protocol ${Object.keys(row.protocols).join(' or ')}`]),
      ...(row.since === undefined ? [] : [`from RabbitMQ ${row.since} on`]),
      ...(row.removedIn === undefined ? [] : [`before RabbitMQ ${row.removedIn}`]),
    ].join('; ') + '.'
  )
}

function describeExchangeArgument({ effect, value, type, excludes }: ExchangeArgument): string {
  const which = type === undefined ? 'all exchanges' : `${type} exchanges`
  return `${effect} ${capitalized(describeRule(value))}; ${which}${excludes === undefined ? '' : `; not next to ${excludes}`}.`
}

function describeArgument({ name, value, effect, needs }: QueueArgument): string {
  const types = queueTypesOf(name)
  const which = types.length === QUEUE_TYPES.length ? 'all queues' : `${types.join(' and ')} queues`
  return `${effect} ${capitalized(describeRule(value))}; ${which}${needs === undefined ? '' : `; needs ${needs}`}.`
}

function describeKey(row: PolicyKey): string {
  const value = policyValueRules(row).map(describeRule).at(-1) ?? ''
  return [
    capitalized(value),
    ...(row.notFor === undefined ? [] : [`keeps the whole policy from ${row.notFor.join(' and ')} queues`]),
    ...QUEUE_TYPES.flatMap((type) => {
      const ranges = row.notForIn?.[type]
      return ranges === undefined ? [] : `keeps it from ${type} queues ${describeRanges(ranges)}`
    }),
    ...(row.since === undefined ? [] : [`from RabbitMQ ${row.since} on`]),
    ...(row.removedIn === undefined ? [] : [`before RabbitMQ ${row.removedIn}`]),
    ...(row.needs === undefined ? [] : [`needs ${row.needs.key}`]),
    ...(row.excludes === undefined ? [] : [`not next to ${row.excludes.join(' or ')}`]),
  ].join('; ')
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
