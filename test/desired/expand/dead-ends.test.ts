import { describe, expect, it } from 'vitest'
import { explainFinding as say } from '../../../src/diagnostics/findings/finding.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import { declared, found, type Sections } from './declared.ts'

const letters = (exchange: string, routingKey?: string) => ({
  arguments: {
    'x-dead-letter-exchange': exchange,
    ...(routingKey !== undefined && { 'x-dead-letter-routing-key': routingKey }),
  },
})

describe('dead letters without a destination', () => {
  const exchanges: Sections['exchanges'] = { dlx: {}, topics: { type: 'topic' }, theirs: { external: true } }
  const dead: Sections['queues'] = { dead: { bindings: [{ exchange: 'dlx', routingKey: 'dead' }] } }
  const of = (section: object, rest: Sections = {}) =>
    found({ ...rest, exchanges: { ...exchanges, ...rest.exchanges }, queues: { ...dead, q: section, ...rest.queues } })

  it.each([
    ['a misspelled routing key', letters('dlx', 'daed'), 'x-dead-letter-routing-key'],
    ['an exchange without a binding', letters('topics'), 'x-dead-letter-exchange'],
    [
      'the default exchange and a key that is not the name of a queue',
      letters('', 'gone'),
      'x-dead-letter-routing-key',
    ],
    ['the default exchange without a key', letters(''), 'x-dead-letter-exchange'],
    [
      'none of the keys that their messages have',
      { ...letters('dlx'), bindings: [{ exchange: 'amq.direct', routingKey: 'order' }] },
      'x-dead-letter-exchange',
    ],
    [
      'none of the keys that their messages have, from a topic exchange',
      { ...letters('dlx'), bindings: [{ exchange: 'amq.topic', routingKey: 'order.paid' }] },
      'x-dead-letter-exchange',
    ],
    ['the default exchange and their own queue', letters('', 'q'), 'x-dead-letter-routing-key'],
  ])('are reported: %s', (_, section, argument) => {
    expect(of(section)).toEqual([`dead-letters-reach-nothing at queues.q.arguments.${argument}`])
  })

  it.each([
    ['the right key', letters('dlx', 'dead')],
    ['any key', letters('dlx')],
    ['an exchange of others', letters('theirs', 'x')],
    ['the default exchange and a declared queue', letters('', 'dead')],
    [
      'the default exchange, where they are published with the name of a queue',
      { ...letters(''), bindings: [{ exchange: 'dlx', routingKey: 'dead' }] },
    ],
    ['a key of their own', { ...letters('dlx'), bindings: [{ exchange: 'dlx', routingKey: 'dead' }] }],
    ['the name of their queue', { ...letters('topics'), bindings: [{ exchange: 'amq.direct', routingKey: 'x' }] }, 'q'],
    ['a pattern of keys', { ...letters('dlx'), bindings: [{ exchange: 'amq.topic', routingKey: '#' }] }],
    ['an external queue', { external: true, ...letters('dlx', 'daed') }],
  ])('are not reported if a route may exist: %s', (_, section, alsoTaken = 'none') => {
    const other = { bindings: [{ exchange: 'topics', routingKey: alsoTaken }] }

    expect(of(section, { queues: { other } })).toEqual([])
  })

  it('are reported for deadLetter without a queue, and for policies', () => {
    const deadLetter = { exchange: 'dlx', routingKey: 'daed', queue: false } as const
    expect(of({ type: 'classic', deadLetter })).toEqual([
      'dead-letters-reach-nothing at queues.q.deadLetter.routingKey',
    ])
    const definition = { 'dead-letter-exchange': 'dlx', 'dead-letter-routing-key': 'daed' }
    expect(of({}, { policies: { p: { pattern: '^q$', definition } } })).toEqual([
      'dead-letters-reach-nothing at policies.p.definition.dead-letter-routing-key',
    ])
  })

  it('name the key that matches no binding', () => {
    const { findings } = expand(
      declared({ '/': { exchanges, queues: { ...dead, q: letters('dlx', 'daed') } } }),
      () => ({
        schema: true,
      }),
    )

    expect(findings.map((each) => say(each).message)).toEqual([
      'dead letters reach no queue: no declared binding of exchange "dlx" matches the routing key "daed"',
    ])
  })
})

describe('an alternate exchange', () => {
  it('is reported if it leads nowhere, even in a cycle, or is not declared', () => {
    expect(
      found({
        exchanges: {
          a: { alternateExchange: 'b' },
          b: { alternateExchange: 'a' },
          c: { arguments: { 'alternate-exchange': 'gone' } },
        },
        policies: { p: { pattern: '^x', definition: { 'alternate-exchange': 'b' } } },
      }),
    ).toEqual([
      'alternate-exchange-reaches-nothing at policies.p.definition.alternate-exchange',
      'alternate-exchange-reaches-nothing at exchanges.a.alternateExchange',
      'alternate-exchange-reaches-nothing at exchanges.b.alternateExchange',
      'alternate-exchange-unknown at exchanges.c.arguments.alternate-exchange',
    ])
  })

  it('is accepted if its messages reach a queue through another exchange', () => {
    expect(
      found({
        exchanges: { a: { alternateExchange: 'b' }, b: { alternateExchange: 'c' }, c: {}, d: { bindings: ['c'] } },
        queues: { q: { bindings: ['d'] } },
      }),
    ).toEqual([])
  })
})
