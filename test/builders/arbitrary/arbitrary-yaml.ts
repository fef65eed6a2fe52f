import fc from 'fast-check'

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

const name = fc.constantFrom('a', 'b', 'c', 'orders', 'über', 'with space', 'a: b', '01', 'true', '#x', '1.10', 'a/b')
const durations = fc.uniqueArray(fc.constantFrom('5s', '30s', '5m', '1h'), { minLength: 1, maxLength: 3 })
const described = {
  description: fc.constantFrom('for people', 'a "quoted" one', 'two\nlines\n', '# no comment', "it's", ' spaces '),
  labels: fc.dictionary(fc.constantFrom('owner', 'tier', 'on'), fc.constantFrom('team-a', '1', 'yes')),
}
const optional = { requiredKeys: [] as [] }

const queue = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      ...described,
      maxLength: fc.integer({ min: 1, max: 1_000_000 }),
      bindings: fc.uniqueArray(
        fc.oneof(
          fc.constant('amq.fanout'),
          fc.record(
            { routingKey: fc.constantFrom('', '#', 'a.*', 'x'), exchange: fc.constant('amq.topic'), ...described },
            { requiredKeys: ['exchange', 'routingKey'] },
          ),
        ),
        { maxLength: 3, selector: (each) => (typeof each === 'string' ? each : `${each.exchange} ${each.routingKey}`) },
      ),
      arguments: fc.record({ 'x-b': fc.constantFrom(1, '1', true, 'no'), 'x-a': fc.constant('~') }, optional),
      type: fc.constant('quorum'),
      retry: durations.map((delays) => ({ delays })),
      deadLetter: fc.constant(true),
    },
    { requiredKeys: ['type', 'deadLetter'] },
  ),
)
const document = fc
  .record(
    {
      queues: fc.dictionary(name, queue, { maxKeys: 5 }),
      exchanges: fc.dictionary(
        name,
        fc.record({ durable: fc.boolean(), type: fc.constant('topic'), ...described }, optional),
      ),
      policies: fc.dictionary(
        name,
        fc.record({
          definition: fc.record({ 'max-length': fc.integer({ min: 1, max: 9 }), expires: fc.constant(1_000) }),
          pattern: fc.constant('^nothing$'),
        }),
      ),
      ...described,
    },
    optional,
  )
  .chain((sections) => shuffled({ ...sections, warren: 1, project: 'shop' }))

/** Topology documents without errors, with keys in any order, comments in any place, and every style of YAML. */
export const arbitraryYaml: fc.Arbitrary<string> = fc
  .array(fc.tuple(document, fc.infiniteStream(fc.nat({ max: 99 }))), { minLength: 1, maxLength: 2 })
  .map((documents) => {
    const texts = documents.map(([value, dice], index) =>
      print({ ...(value as Record<string, Value>), vhost: `/v${index}` }, dice[Symbol.iterator]()),
    )
    return texts.join('---\n')
  })

function shuffled(value: Record<string, unknown>): fc.Arbitrary<unknown> {
  const entries = Object.entries(value)
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .map((all) => Object.fromEntries(all) as Record<string, unknown>)
}

/** Prints a table in several lines, with random comments, blank lines, quotes and braces. */
function print(document: Readonly<Record<string, Value>>, dice: Iterator<number>): string {
  let comments = 0
  const roll = (percent: number): boolean => (dice.next().value as number) < percent
  const comment = (): string => `# comment ${++comments}`
  const scalar = (value: Value): string => {
    if (typeof value !== 'string') return JSON.stringify(value)
    const isPlain = /^[a-z][a-z0-9-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/.test(value)
    if (isPlain && roll(70)) return value
    return /^[^'\n\\]*$/.test(value) && roll(40) ? `'${value}'` : JSON.stringify(value)
  }
  const flow = (value: Value): string => {
    if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
    if (typeof value !== 'object' || value === null) return scalar(value)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${scalar(key)}: ${flow(each)}`)
      .join(', ')} }`
  }
  const block = (value: Value, indent: string): string => {
    const lines: string[] = []
    const isList = Array.isArray(value)
    for (const [key, each] of Object.entries(value as Record<string, Value>)) {
      if (roll(15)) lines.push('')
      if (roll(20)) lines.push(`${indent}${comment()}`)
      const head = isList ? `${indent}-` : `${indent}${scalar(key)}:`
      const end = roll(20) ? ` ${comment()}` : ''
      const isContainer = typeof each === 'object' && each !== null && Object.keys(each).length > 0
      if (isContainer && !isList && roll(60)) lines.push(`${head}${end}`, block(each, `${indent}  `))
      else if (each === null && !isList) lines.push(`${head}${end}`)
      else lines.push(`${head} ${flow(each)}${end}`)
    }
    if (roll(10)) lines.push(`${indent}${comment()}`)
    return lines.join('\n')
  }
  return `${roll(30) ? `${comment()}\n\n` : ''}${block(document, '')}\n`
}
