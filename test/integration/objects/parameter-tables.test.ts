import { describe, expect, it } from 'vitest'
import type { ArgumentValue } from '../../../src/model/arguments.ts'
import {
  PARAMETER_KEYS,
  type ParameterKey,
  type ShovelProtocol,
} from '../../../src/model/broker-tables/parameter-keys.ts'
import { parameterProblems } from '../../../src/model/broker-tables/parameter-problem.ts'
import { satisfiesRule } from '../../../src/model/broker-tables/value-rule.ts'
import { answerTo } from '../support/answer-to.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { edgesOf } from '../support/edges-of.ts'

type Table = Readonly<Record<string, ArgumentValue>>

/** Nothing listens there, and the shovel connects only once. */
const ENDS = { 'src-uri': 'amqp://127.0.0.1:1', 'dest-uri': 'amqp://127.0.0.1:1', 'reconnect-delay': 3_600 }
const SHOVELS: Readonly<Record<ShovelProtocol, Table>> = {
  amqp091: { ...ENDS, 'src-queue': 'a', 'dest-queue': 'b' },
  amqp10: { ...ENDS, 'src-protocol': 'amqp10', 'src-address': 'a', 'dest-protocol': 'amqp10', 'dest-address': 'b' },
  local: { ...ENDS, 'src-protocol': 'local', 'src-queue': 'a', 'dest-protocol': 'local', 'dest-queue': 'b' },
}

/** A valid table, and its outcome with one more key, with another value, and without a key. */
function around(table: Table, rows: readonly ParameterKey[]): Table[] {
  const changed = rows.flatMap((row) => edgesAt(row).map((value) => ({ ...table, [row.key]: value })))
  const shorter = Object.keys(table).map((key) =>
    Object.fromEntries(Object.entries(table).filter(([each]) => each !== key)),
  )
  return [table, ...changed, ...shorter, { ...table, 'ack-mod': 'no-ack' }]
}

/** Shovels are slow to start, so the test uses one valid value of each kind for them, and all values for upstreams. */
function edgesAt({ key, value, end }: ParameterKey): ArgumentValue[] {
  if (value.form === 'uris' && key !== 'uri') return ['http://h', 5, ['http://h']]
  const edges = edgesOf(value)
  if (end === undefined || value.form === 'table') return edges
  const first = edges.findIndex((each) => satisfiesRule(value, each))
  return edges.filter((each, index) => index === first || !satisfiesRule(value, each))
}

interface Answers {
  readonly answered: readonly string[]
  readonly expected: readonly string[]
}

/** The response of the broker to each value, and the expected one according to the tables. */
async function answersTo(component: string, values: readonly ArgumentValue[]): Promise<Answers> {
  const { api, version } = await testBroker()
  const vhost = await freshVhost()
  const texts = [...new Set(values.map((each) => JSON.stringify(each)))]
  const answered = await Promise.all(
    texts.map(async (text, index) => {
      const path = ['parameters', component, vhost, `p${index}`]
      // A wrong table is an internal error of the broker: 500.
      const answer = await answerTo(() => api.put(path, { value: JSON.parse(text) as unknown }))
      if (answer === 'taken') await api.delete(path)
      return `${text}: ${answer === 'taken' ? 'taken' : 'refused'}`
    }),
  )

  const expected = texts.map((text) => {
    const problems = parameterProblems(component, JSON.parse(text) as unknown, version)
    return `${text}: ${problems.length === 0 ? 'taken' : 'refused'}`
  })
  return { answered, expected }
}

describe('the table of parameters', () => {
  it.each(Object.entries(SHOVELS))('refuses in a shovel over %s exactly what the broker refuses', async (_, shovel) => {
    const { answered, expected } = await answersTo('shovel', [
      ...around(shovel, PARAMETER_KEYS.shovel),
      { ...shovel, 'ack-mode': 'no-ack', 'src-delete-after': 5 },
      { ...shovel, 'ack-mode': 'no-ack', 'src-delete-after': 'queue-length' },
    ])

    expect(answered).toEqual(expected)
  })

  it('refuses in a federation upstream exactly what the broker refuses', async () => {
    const { answered, expected } = await answersTo('federation-upstream', [
      ...around({ uri: 'amqp://127.0.0.1:1' }, PARAMETER_KEYS['federation-upstream']),
      'text',
      [],
      {},
    ])

    expect(answered).toEqual(expected)
  })

  it('refuses in an upstream set exactly what the broker refuses', async () => {
    const members = around({ upstream: 'u' }, PARAMETER_KEYS['federation-upstream-set'])
    const { answered, expected } = await answersTo('federation-upstream-set', [
      ...members.map((each) => [each]),
      [],
      {},
      'text',
      ['text'],
      [{}],
    ])

    expect(answered).toEqual(expected)
  })
})
