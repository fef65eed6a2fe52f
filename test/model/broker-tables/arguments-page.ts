import { POLICY_KEYS, policyValueRules, type PolicyKey } from '../../../src/model/broker-tables/policy-keys.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import { EXCHANGE_ARGUMENTS } from '../../../src/model/broker-tables/exchange-arguments.ts'
import { PARAMETER_KEYS, type ParameterKey } from '../../../src/model/broker-tables/parameter-keys.ts'
import { parameterValueRules } from '../../../src/model/broker-tables/parameter-problem.ts'
import { OLDEST, type SupportHistory } from '../../../src/model/broker-tables/support.ts'
import { describeRanges } from '../../../src/model/broker-version.ts'
import { describeRule } from '../../../src/model/broker-tables/value-rule.ts'

const INTRODUCTION = `# Arguments and policy keys

Every optional argument of queues and exchanges, every policy key, and every key of shovels and of federation upstreams that
RabbitMQ 3.10 to 4.3 checks. \`warren validate\` reports what no version accepts, and \`warren plan\` is blocked by what the
connected version refuses. warren accepts arguments and policy keys that are not in the tables, because plugins may add some.
For shovels and upstreams, it accepts only the keys in the tables.

The page is written from the tables in \`src/model/broker-tables\`, and each cell is tried on RabbitMQ 3.10, 4.0 and 4.3
(\`test/integration/objects/argument-tables.test.ts\` and \`parameter-tables.test.ts\`).

## Queue arguments

- **yes**: the argument has its effect.
- **ignored**: the broker stores the argument, and nothing happens.
- **refused**: the broker refuses the declaration.
`

const EXCHANGES = `## Exchange arguments
`

const BINDINGS = `## Binding keys

- A binding from an \`x-consistent-hash\` exchange has a weight for a routing key: a whole number above 0, and from 4.2.6 on of
  at most 10,000.
- A binding from an \`x-local-random\` exchange has no routing key, and leads to a classic queue.
- From 4.3.5 on, the key of a binding from a \`topic\` exchange has at most two words \`#\`.
`

const PARAMETERS = `## Shovels and federation

The properties of \`shovels\` and \`federationUpstreams\`, and of the members of \`federationUpstreamSets\`. A shovel without
\`src-protocol\` or \`dest-protocol\` speaks \`amqp091\` there. It needs \`src-queue\` or \`src-exchange\`, or \`src-address\` over
\`amqp10\`, and takes no number for \`src-delete-after\` next to \`ack-mode: no-ack\`, over \`amqp10\` from 4.2.0 on. Over \`amqp10\`,
\`src-delete-after\` cannot be \`queue-length\` from 4.1.4 on.
`

const POLICIES = `## Policy keys

A policy applies to a queue only if the type of the queue knows all of its keys: one key that is "not for" a type keeps the
whole policy from queues of this type. The keys of policies are written without the \`x-\` of arguments.
`

/** The reference page of arguments and policy keys, as Markdown with unaligned tables. */
export function argumentsPage(): string {
  return [
    INTRODUCTION,
    queueTable(),
    EXCHANGES,
    exchangeTable(),
    BINDINGS,
    POLICIES,
    policyTable(),
    PARAMETERS,
    parameterTable('a shovel', PARAMETER_KEYS.shovel),
    parameterTable('an upstream', PARAMETER_KEYS['federation-upstream']),
    parameterTable('a member of an upstream set', PARAMETER_KEYS['federation-upstream-set'].slice(0, 1)),
    'A member of an upstream set also takes all other keys of an upstream. They apply only in this set.\n',
  ].join('\n')
}

function queueTable(): string {
  const header = ['argument', 'value', ...QUEUE_TYPES, 'effect']
  const rows = QUEUE_ARGUMENTS.map((argument) => [
    `\`${argument.name}\``,
    describeRule(argument.value) + (argument.needs === undefined ? '' : `; needs \`${argument.needs}\``),
    ...QUEUE_TYPES.map((type) => describeHistory(argument[type])),
    argument.effect,
  ])
  return table([header, ...rows])
}

function describeHistory(history: SupportHistory): string {
  const words = { applies: 'yes', ignores: 'ignored', refuses: 'refused' }
  return history
    .map(({ since, support, value }) => {
      const which = value && support === 'applies' ? `${words[support]} (${describeRule(value)})` : words[support]
      return since === OLDEST ? which : `from ${since} on ${which}`
    })
    .join(', ')
}

function exchangeTable(): string {
  const rows = EXCHANGE_ARGUMENTS.map(({ name, value, type, excludes, effect }) => [
    `\`${name}\``,
    describeRule(value) + (excludes === undefined ? '' : `; not next to \`${excludes}\``),
    type === undefined ? 'all' : `\`${type}\``,
    effect,
  ])
  return table([['argument', 'value', 'types', 'effect'], ...rows])
}

function parameterTable(of: string, keys: readonly ParameterKey[]): string {
  const rows = keys.map((row) => [`\`${row.key}\``, describeParameterValue(row), describeTakers(row)])
  return table([[`key of ${of}`, 'value', 'taken by'], ...rows])
}

function describeParameterValue(row: ParameterKey): string {
  const [first, second] = parameterValueRules(row).map(describeRule)
  const values = second === undefined ? first : `before ${row.valueBefore?.version} ${first}; from then on ${second}`
  return [values, row.required && 'needed', row.excludes !== undefined && `not next to \`${row.excludes}\``]
    .filter(Boolean)
    .join('; ')
}

function describeTakers({ protocols, since = OLDEST, removedIn }: ParameterKey): string {
  if (removedIn !== undefined) return `before ${removedIn}`
  if (protocols === undefined) return since === OLDEST ? 'all' : `from ${since} on`
  return Object.entries(protocols)
    .map(([protocol, first]) => [protocol, first > since ? first : since] as const)
    .map(([protocol, first]) => (first === OLDEST ? protocol : `${protocol} from ${first} on`))
    .join(', ')
}

function policyTable(): string {
  const header = ['key', 'value', 'versions', 'operator policies', 'not for']
  const rows = POLICY_KEYS.map((row) => [
    `\`${row.key}\``,
    describeValue(row),
    describeVersions(row),
    row.operatorIn === undefined ? 'yes' : describeRanges(row.operatorIn) || 'no',
    describeKept(row),
  ])
  return table([header, ...rows])
}

function describeKept(row: PolicyKey): string {
  const some = QUEUE_TYPES.flatMap((type) => {
    const ranges = row.notForIn?.[type]
    return ranges === undefined ? [] : `${type} ${describeRanges(ranges)}`
  })
  return [...(row.notFor ?? []), ...some].join(', ')
}

function describeValue(row: PolicyKey): string {
  const [first, second] = policyValueRules(row).map(describeRule)
  const values = second === undefined ? first : `before ${row.valueBefore?.version} ${first}; from then on ${second}`
  const needs =
    (row.needs === undefined ? '' : `; needs \`${row.needs.key}\``) +
    (row.atLeast === undefined ? '' : `; at least \`${row.atLeast}\``)
  const excludes = row.excludes?.map((key) => `\`${key}\``).join(' or ')
  return `${values}${needs}${excludes === undefined ? '' : `; not next to ${excludes}`}`
}

function describeVersions({ since, removedIn }: PolicyKey): string {
  if (since !== undefined) return `from ${since} on`
  return removedIn === undefined ? 'all' : `before ${removedIn}`
}

function table(rows: readonly (readonly string[])[]): string {
  const [header = [], ...rest] = rows
  return [header, header.map(() => '---'), ...rest].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n'
}
