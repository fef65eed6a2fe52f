import { expect, it } from 'vitest'
import type { Arguments } from '../../src/model/arguments.ts'
import { explainBlock } from '../../src/render/explain-block.ts'
import { binding, exchange, queue, topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'
import { owned, record } from '../builders/records.ts'

const wait = (table: Arguments) => queue('wait', { arguments: { 'x-message-ttl': 9, ...table } })

/** The blocks of a prune of the queue `work`, for which messages wait in `wait`. */
function blocks(table: Arguments, messages = 3, allow: string[] = []) {
  const kept = { exchanges: [exchange('back'), exchange('kept')], queues: [wait(table), queue('other')] }
  const live = {
    ...kept,
    queues: [...kept.queues, queue('work')],
    bindings: [binding('back', 'work', { routingKey: 'k' }), binding('back', 'other', { routingKey: 'o' })],
  }
  const counts = new Map([['queue:%2F/wait', { messages, consumers: 0 }]])
  const ours = owned(record({ owned: ['queue:%2F/work', 'binding:%2F/back/queue/work/k'] }))
  const desired = topology({ ...kept, bindings: [binding('back', 'other', { routingKey: 'o' })] })
  return planOf(topology(live), desired, { ...ours, counts }, { prune: true, allowDelete: new Set(allow) }).blocks
}

const back = { 'x-dead-letter-exchange': 'back', 'x-dead-letter-routing-key': 'k' }

it.each([
  ['by an exchange', back],
  ['by the default exchange', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' }],
])('a prune is blocked while messages wait elsewhere for the queue, %s', (_, table) => {
  const found = blocks(table)

  expect(found).toEqual([
    { reason: 'awaited', address: 'queue:%2F/work', queues: [{ address: 'queue:%2F/wait', messages: 3 }] },
  ])
  expect(found.flatMap((each) => explainBlock(each))).toEqual([
    'what waits for it elsewhere would reach nothing: 3 messages in queue:%2F/wait',
    'wait until they have arrived, or lose them with  --allow delete=queue:%2F/work',
  ])
})

it('a prune is blocked while messages wait elsewhere for a binding, though both its ends stay', () => {
  const kept = { exchanges: [exchange('back')], queues: [wait(back), queue('work')] }
  const live = topology({ ...kept, bindings: [binding('back', 'work', { routingKey: 'k' })] })
  const at = 'binding:%2F/back/queue/work/k'
  const counts = new Map([['queue:%2F/wait', { messages: 3, consumers: 0 }]])
  const plan = planOf(live, topology(kept), { ...owned(record({ owned: [at] })), counts }, { prune: true })

  expect(plan.blocks).toEqual([
    { reason: 'awaited', address: at, queues: [{ address: 'queue:%2F/wait', messages: 3 }] },
  ])
})

it('a prune is not blocked where nothing waits, it is allowed, or there is another way', () => {
  expect(blocks(back, 0)).toEqual([])
  expect(blocks(back, 3, ['queue:%2F/work'])).toEqual([])
  expect(blocks({ ...back, 'x-dead-letter-routing-key': 'o' })).toEqual([])
  expect(blocks({ 'x-dead-letter-exchange': 'back' })).toEqual([])
  expect(blocks({})).toEqual([])
})
