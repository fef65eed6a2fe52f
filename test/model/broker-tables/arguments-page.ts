import { POLICY_KEYS, policyValueRules, type PolicyKey } from '../../../src/model/broker-tables/policy-keys.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import { OLDEST, type SupportHistory } from '../../../src/model/broker-tables/support.ts'
import { describeRule } from '../../../src/model/broker-tables/value-rule.ts'

const INTRODUCTION = `# Arguments and policy keys

Every optional argument of queues and every policy key that RabbitMQ 3.10 to 4.3 knows. \`warren validate\` reports what no
version accepts, and \`warren plan\` is blocked by what the connected version refuses. Arguments and keys that are not in the
tables pass, since plugins add some.

The page is written from the tables in \`src/model/broker-tables\`, and each cell is tried on RabbitMQ 3.10, 4.0 and 4.3
(\`test/integration/objects/argument-tables.test.ts\`).

## Queue arguments

- **yes**: the argument has its effect.
- **ignored**: the broker stores the argument, and nothing happens.
- **refused**: the broker refuses the declaration.
`

const POLICIES = `## Policy keys

A policy applies to a queue only if the type of the queue knows all of its keys: one key that is "not for" a type keeps the
whole policy from queues of this type. The keys of policies are written without the \`x-\` of arguments.
`

/** The reference page of arguments and policy keys, as Markdown that is not aligned yet. */
export function argumentsPage(): string {
  return [INTRODUCTION, queueTable(), POLICIES, policyTable()].join('\n')
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

function policyTable(): string {
  const header = ['key', 'value', 'versions', 'operator policies', 'not for']
  const rows = POLICY_KEYS.map((row) => [
    `\`${row.key}\``,
    describeValue(row),
    describeVersions(row),
    row.operatorSince === null ? 'no' : row.operatorSince === undefined ? 'yes' : `from ${row.operatorSince} on`,
    row.notFor?.join(', ') ?? '',
  ])
  return table([header, ...rows])
}

function describeValue(row: PolicyKey): string {
  const [first, second] = policyValueRules(row).map(describeRule)
  const values = second === undefined ? first : `before ${row.valueBefore?.version} ${first}; from then on ${second}`
  return `${values}${row.needs === undefined ? '' : `; needs \`${row.needs.key}\``}`
}

function describeVersions({ since, removedIn }: PolicyKey): string {
  if (since !== undefined) return `from ${since} on`
  return removedIn === undefined ? 'all' : `before ${removedIn}`
}

function table(rows: readonly (readonly string[])[]): string {
  const [header = [], ...rest] = rows
  return [header, header.map(() => '---'), ...rest].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n'
}
