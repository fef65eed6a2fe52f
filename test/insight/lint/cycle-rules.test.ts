import { describe, expect, it } from 'vitest'
import { binding, exchange, queue } from '../../builders/objects.ts'
import { type LintCase, messagesOf } from './linted.ts'

const dead = (target: string) => ({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': target })
const failing = (name: string, target: string) => queue(name, { arguments: dead(target) })
const expiring = (name: string, target: string) =>
  queue(name, { arguments: { ...dead(target), 'x-message-ttl': 1_000 } })

const CASES: Readonly<Record<string, readonly LintCase[]>> = {
  'dead-letter-loop': [
    {
      what: 'a queue that is its own dead-letter queue, also through an exchange',
      objects: {
        exchanges: [exchange('dlx', { type: 'fanout' })],
        queues: [
          failing('a', 'a'),
          queue('b', { arguments: { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-routing-key': 'failed' } }),
        ],
        bindings: [binding('dlx', 'b')],
      },
      finds: ['of queue "a" rejects returns to it immediately', 'of queue "b" rejects'],
    },
    {
      what: 'a delay between, a key that is unknown, and a dead-letter queue',
      objects: {
        queues: [
          failing('a', 'wait'),
          expiring('wait', 'a'),
          queue('b', { arguments: { 'x-dead-letter-exchange': '' } }),
          failing('c', 'dead'),
          queue('dead'),
        ],
      },
    },
  ],
  'dead-letter-cycle-by-version': [
    ...['3.10.8', '4.3.6'].map((version): LintCase => {
      return {
        what: `a cycle of delay queues behind a rejection, on ${version}`,
        version,
        objects: { queues: [failing('work', 'b'), expiring('b', 'c'), expiring('c', 'b')] },
        finds: [
          version === '4.3.6'
            ? 'expire from "b" → "c" and enter a cycle: RabbitMQ 4.3.6 drops them, and RabbitMQ 3.10.8 keeps them forever'
            : 'expire from "b" → "c" and enter a cycle: RabbitMQ 3.10.8 keeps them forever, and RabbitMQ 4.3.6 drops them',
        ],
      }
    }),
    {
      what: 'a retry that comes back to a consumer, and a cycle into which nothing is rejected',
      objects: { queues: [failing('work', 'wait'), expiring('wait', 'work'), expiring('b', 'c'), expiring('c', 'b')] },
    },
  ],
}

describe.each(Object.entries(CASES))('the rule %s', (rule, cases) => {
  it.each(cases.filter(({ finds }) => finds))('finds $what', (each) => {
    expect(messagesOf(rule, each)).toEqual((each.finds ?? []).map((text) => expect.stringContaining(text)))
  })

  it.each(cases.filter(({ finds }) => !finds))('leaves alone: $what', (each) => {
    expect(messagesOf(rule, each)).toEqual([])
  })
})
