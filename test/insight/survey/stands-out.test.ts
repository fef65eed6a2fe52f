import { describe, expect, it } from 'vitest'
import type { QueueContent } from '../../../src/broker/snapshot/snapshot.ts'
import { standsOut } from '../../../src/insight/survey/stands-out.ts'
import { binding, exchange, policy, queue } from '../../builders/objects.ts'
import { vhostSnapshot } from '../../builders/snapshots.ts'

const content = (messages: number): QueueContent => ({ messages, ready: messages, unacknowledged: 0 })
const names = (found: ReturnType<typeof standsOut>) =>
  Object.fromEntries(found.map(({ what, objects }) => [what, objects.map(({ address }) => address.split('/')[1])]))

/** A queue with a delay queue, from which messages return, and a dead-letter queue. */
const LADDER = {
  exchanges: [exchange('failed')],
  queues: [
    queue('work', { arguments: { 'x-dead-letter-exchange': 'failed', 'x-dead-letter-routing-key': 'dead' } }),
    queue('work.retry.5s', {
      arguments: { 'x-message-ttl': 5_000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' },
    }),
    queue('work.dead'),
  ],
  bindings: [
    binding('failed', 'work.dead', { routingKey: 'dead' }),
    binding('failed', 'work.retry.5s', { routingKey: 'retry' }),
  ],
}

describe('what stands out', () => {
  it('distinguishes queues without a consumer from delay queues and dead-letter queues', () => {
    const contents = new Map([
      ['work', content(3)],
      ['work.retry.5s', content(2)],
      ['work.dead', content(9)],
    ])

    expect(names(standsOut(vhostSnapshot(LADDER, { contents }), '4.0.5'))).toEqual({
      'messages-without-consumer': ['work'],
      'dead-letters': ['work.dead'],
      largest: ['work.dead', 'work', 'work.retry.5s'],
    })
    const consumers = [{ queue: 'work' }]
    expect(names(standsOut(vhostSnapshot(LADDER, { contents, consumers }), '4.0.5'))).not.toHaveProperty(
      'messages-without-consumer',
    )
  })

  it('finds a dead-letter queue of a policy', () => {
    const vhost = vhostSnapshot(
      {
        queues: [queue('a'), queue('a.dead')],
        policies: [
          policy('dlx', {
            pattern: '^a$',
            definition: { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'a.dead' },
          }),
        ],
      },
      { contents: new Map([['a.dead', content(1)]]) },
    )

    expect(names(standsOut(vhost, '4.0.5'))).toMatchObject({ 'dead-letters': ['a.dead'] })
  })

  it('finds queues and exchanges without bindings to them', () => {
    const vhost = vhostSnapshot(
      {
        exchanges: [
          exchange('amq.topic'),
          exchange('bound'),
          exchange('alone'),
          exchange('rescued', { arguments: { 'alternate-exchange': 'bound' } }),
        ],
        queues: [queue('fed'), queue('consumed'), queue('lonely')],
        bindings: [binding('bound', 'fed')],
      },
      { consumers: [{ queue: 'consumed' }] },
    )

    expect(names(standsOut(vhost, '4.0.5'))).toEqual({
      'queue-without-bindings': ['lonely'],
      'exchange-without-bindings': ['alone'],
    })
  })

  it('reports nothing about messages and consumers if these are unknown', () => {
    const { contents: _, consumers: __, ...vhost } = vhostSnapshot(LADDER)

    expect(standsOut(vhost, '4.0.5')).toEqual([])
  })
})
