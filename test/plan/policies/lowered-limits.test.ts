import { expect, it } from 'vitest'
import type { Arguments } from '../../../src/model/arguments.ts'
import type { Policy, Queue } from '../../../src/model/topology.ts'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const at = 'policy:%2F/limits'
const limits = (definition: Arguments) => policy('limits', { pattern: '^work$', definition })

interface Case {
  before?: readonly Policy[]
  after?: readonly Policy[]
  work?: Queue
  consumers?: number
  bytes?: number
  allow?: readonly string[]
}

/** The blocks of a plan that changes the policies of the queue `work`, in which ten messages wait. */
function blocks({ before = [], after = [], work = queue('work'), consumers = 0, bytes, allow = [] }: Case) {
  const around = {
    exchanges: [exchange('dead', { type: 'fanout' })],
    queues: [work, queue('dead')],
    bindings: [binding('dead', 'dead')],
  }
  return planOf(
    topology({ ...around, policies: before }),
    topology({ ...around, policies: after }),
    {
      ...owned(record({ owned: [at] })),
      counts: new Map([['queue:%2F/work', { messages: 10, consumers }]]),
      ...(bytes !== undefined && { bytes: new Map([['queue:%2F/work', bytes]]) }),
    },
    { prune: true, allowDelete: new Set(allow) },
  ).blocks
}

const lowered = (key: string, limit: number) => [
  { reason: 'limit-lowered', address: at, queues: [{ address: 'queue:%2F/work', messages: 10, key, limit }] },
]

it('a policy is not written if the broker would then drop waiting messages', () => {
  const found = blocks({ after: [limits({ 'max-length': 3 })] })

  expect(found).toEqual(lowered('max-length', 3))
  expect(found.flatMap((each) => explainBlock(each))).toEqual([
    'with this change the broker would drop waiting messages: 10 messages in queue:%2F/work (max-length: 3)',
    'set a limit that leaves room for them, wait until they are consumed, or accept their loss with  --allow delete=policy:%2F/limits',
  ])
  expect(blocks({ before: [limits({ 'max-length': 20 })], after: [limits({ 'max-length': 3 })] })).toEqual(found)
  expect(blocks({ after: [limits({ 'max-length': 3 })], allow: [at] })).toEqual([])
  expect(blocks({ after: [limits({ 'max-length': 10 })] })).toEqual([])
  expect(blocks({ before: [limits({ 'max-length': 3 })], after: [limits({ 'max-length': 4 })] })).toEqual([])
})

it('a policy is not deleted if a stricter one would then apply', () => {
  const strict = policy('strict', { pattern: '.', priority: -1, definition: { 'max-length': 3 } })

  expect(blocks({ before: [limits({ 'max-length': 20 }), strict], after: [strict] })).toEqual(lowered('max-length', 3))
})

it('blocks an expiry on a queue with waiting messages and without consumers', () => {
  expect(blocks({ after: [limits({ expires: 9 })] })).toEqual(lowered('expires', 9))
  expect(blocks({ after: [limits({ expires: 9 })], consumers: 1 })).toEqual([])
})

it('a lower age of a stream counts as too low for its messages', () => {
  const work = queue('work', { type: 'stream' })
  const kept = queue('work', { type: 'stream', arguments: { 'x-max-age': '7D' } })
  const hour = { after: [limits({ 'max-age': '1h' })] }

  expect(blocks({ work, ...hour })).toEqual(lowered('max-age', 3600))
  expect(blocks({ work: kept, ...hour })).toEqual(lowered('max-age', 3600))
  expect(blocks({ work, before: [limits({ 'max-age': '24h' })], ...hour })).toEqual(lowered('max-age', 3600))
  expect(blocks({ work, before: [limits({ 'max-age': '60m' })], ...hour })).toEqual([])
  expect(blocks({ work, before: [limits({ 'max-age': '1m' })], ...hour })).toEqual([])
  expect(blocks({ work: kept, before: [limits({ 'max-age': '24h' })], after: [] })).toEqual([])
  // Without the policy, the shorter age of the argument applies again.
  const short = queue('work', { type: 'stream', arguments: { 'x-max-age': '1h' } })
  expect(blocks({ work: short, before: [limits({ 'max-age': '24h' })], after: [] })).toEqual(lowered('max-age', 3600))
  expect(blocks({ work, ...hour, allow: [at] })).toEqual([])
  expect(blocks({ ...hour })).toEqual([])
})

it('treats a limit in bytes as too low when the number of bytes is unknown', () => {
  expect(blocks({ after: [limits({ 'max-length-bytes': 30 })], bytes: 31 })).toEqual(lowered('max-length-bytes', 30))
  expect(blocks({ after: [limits({ 'max-length-bytes': 30 })] })).toEqual(lowered('max-length-bytes', 30))
  expect(blocks({ after: [limits({ 'max-length-bytes': 30 })], bytes: 30 })).toEqual([])
})

it('a message that a full queue refuses or dead-letters is not lost', () => {
  const refusing = { 'max-length': 3, overflow: 'reject-publish' }

  expect(blocks({ after: [limits(refusing)], work: queue('work', { type: 'quorum' }) })).toEqual([])
  expect(
    blocks({
      before: [limits(refusing)],
      after: [limits({ 'max-length': 3 })],
      work: queue('work', { type: 'quorum' }),
    }),
  ).toEqual(lowered('max-length', 3))
  // A classic queue drops before it refuses.
  expect(blocks({ after: [limits(refusing)] })).toEqual(lowered('max-length', 3))
  expect(blocks({ after: [limits({ 'max-length': 3, 'dead-letter-exchange': 'dead' })] })).toEqual([])
  expect(blocks({ after: [limits({ 'max-length': 3, 'dead-letter-exchange': 'none' })] })).toEqual(
    lowered('max-length', 3),
  )
})

it('a message-ttl applies only to later messages', () => {
  expect(blocks({ after: [limits({ 'message-ttl': 9 })] })).toEqual([])
})
