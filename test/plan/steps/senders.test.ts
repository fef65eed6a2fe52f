import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { KINDS, type Parameter, type Topology } from '../../../src/model/topology.ts'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'
import { showText } from '../../../src/render/words/show-value.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const back = 'exchange:%2F/back'
const theirs = record({ project: 'billing', owned: ['queue:%2F/theirs', 'exchange:%2F/theirs', 'policy:%2F/theirs'] })
const toBack = { arguments: { 'x-dead-letter-exchange': 'back' } }

/** A prune of the exchange `back` and the queue `old`, with the objects of `others`. */
function prune(others: Partial<Topology>, allow: string[] = []) {
  const kept = exchange('kept')
  const live = {
    ...others,
    exchanges: [exchange('back'), kept, ...(others.exchanges ?? [])],
    queues: [queue('old'), ...(others.queues ?? [])],
  }
  const ours = owned(record({ owned: [back, 'queue:%2F/old', 'queue:%2F/ours', 'policy:%2F/ours'] }), theirs)
  return planOf(topology(live), topology({ exchanges: [kept] }), ours, { prune: true, allowDelete: new Set(allow) })
}

const usedBy = (address: string, ...senders: object[]) => [{ reason: 'still-used', address, senders }]

describe('an exchange that others use', () => {
  it('is not deleted while another project dead-letters to it, which the plan names', () => {
    const { blocks, changes } = prune({ queues: [queue('theirs', toBack)] })

    expect(blocks).toEqual(usedBy(back, { address: 'queue:%2F/theirs', project: 'billing' }))
    expect(changes.find(({ address }) => address === back)).toMatchObject({
      impact: { senders: [{ address: 'queue:%2F/theirs' }] },
    })
    expect(blocks.flatMap((each) => explainBlock(each))).toEqual([
      'others send messages there, and the broker would drop them: by queue:%2F/theirs (owned by billing)',
      'route them to another queue first, or accept their loss with  --allow delete=exchange:%2F/back',
    ])
  })

  it('is not deleted while a policy of another project, or of none, dead-letters to it', () => {
    const leads = { pattern: '^theirs$', definition: { 'dead-letter-exchange': 'back' } }
    const sender = { address: 'queue:%2F/theirs', project: 'billing' }

    expect(prune({ queues: [queue('theirs')], policies: [policy('theirs', leads)] }).blocks).toEqual(
      usedBy(back, sender),
    )
    expect(prune({ queues: [queue('plain', toBack)] }).blocks).toEqual(usedBy(back, { address: 'queue:%2F/plain' }))
  })

  it('is not deleted while it is the alternate exchange of another one', () => {
    const alternate = exchange('theirs', { arguments: { 'alternate-exchange': 'back' } })
    const lost = policy('lost', { pattern: '^plain$', definition: { 'alternate-exchange': 'back' } })

    expect(prune({ exchanges: [alternate] }).blocks).toEqual(
      usedBy(back, { address: 'exchange:%2F/theirs', project: 'billing' }),
    )
    expect(prune({ exchanges: [exchange('plain')], policies: [lost] }).blocks).toEqual(
      usedBy(back, { address: 'exchange:%2F/plain' }),
    )
  })

  it('is not deleted while another project has bound it to its own exchange', () => {
    const bindings = [binding('theirs', 'back', { destinationType: 'exchange' })]

    expect(prune({ exchanges: [exchange('theirs')], bindings }).blocks).toMatchObject([
      { reason: 'data-loss', address: back, impact: { undeclaredBindings: 1 } },
    ])
  })

  it('is not renamed while others use the old name', () => {
    const live = topology({ exchanges: [exchange('back')], queues: [queue('theirs', toBack)] })
    const desired = topology({ exchanges: [exchange('return', { renamedFrom: 'back' })] })

    expect(planOf(live, desired, owned(record({ owned: [back] }), theirs)).blocks).toEqual(
      usedBy(back, { address: 'queue:%2F/theirs', project: 'billing' }),
    )
  })
})

it('a renamed retry ladder does not count as used by others', () => {
  const of = (name: string, table: object, from?: string) =>
    queue(name, { arguments: { ...table }, ...(from !== undefined && { renamedFrom: from }) })
  const live = topology({
    exchanges: [exchange('a.failed')],
    queues: [of('a', { 'x-dead-letter-exchange': 'a.failed' })],
  })
  const desired = topology({
    exchanges: [exchange('b.failed', { renamedFrom: 'a.failed' })],
    queues: [of('b', { 'x-dead-letter-exchange': 'b.failed' }, 'a')],
  })
  const ours = owned(record({ owned: ['exchange:%2F/a.failed', 'queue:%2F/a'] }))
  const { blocks, changes } = planOf(live, desired, ours)

  expect(blocks).toEqual([])
  expect(changes.map((each) => 'impact' in each && each.impact?.senders)).toEqual([undefined, undefined])
})

it('a queue is not deleted while another project dead-letters straight to it', () => {
  const direct = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'old' }

  expect(prune({ queues: [queue('theirs', { arguments: direct })] }).blocks).toEqual(
    usedBy('queue:%2F/old', { address: 'queue:%2F/theirs', project: 'billing' }),
  )
})

it('an exchange is deleted if nothing else uses it, if it is allowed, or if the sender is deleted too', () => {
  const leads = { pattern: '^theirs$', definition: { 'dead-letter-exchange': 'back' } }

  expect(prune({ queues: [queue('theirs', toBack)] }, [back]).blocks).toEqual([])
  expect(prune({ queues: [queue('theirs')] }).blocks).toEqual([])
  // The project's own objects are deleted with it, including its policy.
  expect(prune({ queues: [queue('ours', toBack)] }).blocks).toEqual([])
  expect(prune({ queues: [queue('theirs')], policies: [policy('ours', leads)] }).blocks).toEqual([])
})

describe('a shovel of others', () => {
  const shovel = (value: Parameter['value']): Parameter => ({ vhost: '/', component: 'shovel', name: 'move', value })
  const moves = { address: 'parameter:%2F/shovel/move' }

  it.each([
    ['queue:%2F/old', { 'dest-uri': 'amqp://', 'dest-queue': 'old' }],
    ['queue:%2F/old', { 'dest-uri': ['amqp://far.test', 'amqp://u:p@localhost:5673/%2f'], 'dest-queue': 'old' }],
    ['queue:%2F/old', { 'dest-uri': 'amqp://mq.test/%2f', 'dest-exchange': '', 'dest-exchange-key': 'old' }],
    ['queue:%2F/old', { 'dest-protocol': 'amqp10', 'dest-uri': 'amqp://', 'dest-address': '/queues/old' }],
    [back, { 'dest-uri': new Secret('amqp://u:p@127.0.0.1'), 'dest-exchange': 'back' }],
    [back, { 'dest-protocol': 'amqp10', 'dest-uri': 'amqp://', 'dest-address': '/exchanges/back/key' }],
  ])('keeps %s, to which it publishes', (at, value) => {
    expect(prune({ parameters: [shovel(value)] }).blocks).toEqual(usedBy(at, moves))
  })

  it('keeps queues that it may publish to under another host name or IP address of the broker, and names the host', () => {
    for (const host of ['far.test', '10.0.0.7', '[fd00::7]']) {
      const value = { 'dest-uri': new Secret(`amqps://svc:p@55@${host}:5671/%2F?heartbeat=5`), 'dest-queue': 'old' }
      const { blocks } = prune({ parameters: [shovel(value)] })

      expect(blocks).toEqual(usedBy('queue:%2F/old', { ...moves, host }))
      expect(blocks.flatMap((each) => explainBlock(each))).toEqual([
        `others send messages there, and the broker would drop them: by parameter:%2F/shovel/move (not owned by any project; to ${showText(host)}, which may be this broker by another name)`,
        'route them to another queue first, or accept their loss with  --allow delete=queue:%2F/old',
      ])
      expect(prune({ parameters: [shovel(value)] }, ['queue:%2F/old']).blocks).toEqual([])
    }
  })

  it('that the login may not read blocks a new name, unless the loss is allowed', () => {
    const live = topology({ queues: [queue('old')] })
    const desired = topology({ queues: [queue('new', { renamedFrom: 'old' })] })
    const kindsRead = new Set(KINDS.filter((kind) => kind !== 'parameter'))
    const renamed = (mode = {}) =>
      planOf(live, desired, { ...owned(record({ owned: ['queue:%2F/old'] })), kindsRead }, mode)
    const block = { reason: 'shovels-unknown', address: 'queue:%2F/new', from: 'queue:%2F/old' }

    expect(renamed().blocks.filter(({ reason }) => reason === 'shovels-unknown')).toEqual([block])
    expect(renamed({ allowDelete: new Set(['queue:%2F/old']) }).blocks).not.toContainEqual(block)
  })

  it('does not affect another queue or virtual host', () => {
    expect(prune({ parameters: [shovel({ 'dest-uri': 'amqp://far.test', 'dest-queue': 'odd' })] }).blocks).toEqual([])
    expect(prune({ parameters: [shovel({ 'dest-uri': 'amqp:///far', 'dest-queue': 'old' })] }).blocks).toEqual([])
  })
})
