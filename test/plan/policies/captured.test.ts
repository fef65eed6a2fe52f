import { describe, expect, it } from 'vitest'
import type { Topology } from '../../../src/model/topology.ts'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'
import { planText } from '../../../src/render/text/plan-text.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { exchange, policy, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const origin = { file: 'billing.yaml', line: 7, column: 5, length: 10 }
const source = queue('billing.x')
const dead = queue('billing.x.dead', { role: { kind: 'dead-letter', of: 'billing.x' }, origin })
const short = policy('short', { pattern: '^billing\\.', applyTo: 'queues', definition: { 'message-ttl': 60_000 } })

const plan = (desired: Partial<Topology>, live: Partial<Topology>, mode = {}) =>
  planOf(topology(live), topology(desired), {}, mode)

describe('a live policy that also applies to a derived queue', () => {
  it('blocks the plan that would create the queue, and names both', () => {
    const made = plan({ queues: [source, dead] }, { policies: [short] })

    expect(made.blocks).toEqual([
      {
        reason: 'policy-loses',
        address: 'queue:%2F/billing.x.dead',
        policy: 'policy:%2F/short',
        losses: [{ loss: 'dead-letters-expire', key: 'message-ttl', effective: 60_000 }],
        places: [origin],
      },
    ])
    expect(made.blocks.flatMap((each) => explainBlock(each))[0]).toBe(
      'policy:%2F/short also applies to this queue (billing.yaml:7:5), and expires its dead letters after 1m',
    )
    expect(planText(made, styleFor(false))).toContain(
      'policy:%2F/short also applies to queue:%2F/billing.x.dead (billing.yaml:7:5): message-ttl 60000; it expires its dead letters after 1m',
    )
  })

  it('is only noted if it already applies, so that other changes are possible', () => {
    const live = { policies: [short], queues: [source, dead] }

    expect(plan({ queues: [source, dead] }, live)).toMatchObject({
      blocks: [],
      notes: [{ note: 'policy-captures', losses: [{ loss: 'dead-letters-expire' }] }, { note: 'policy-adds' }],
    })
    const worse = { ...short, priority: 1, definition: { 'message-ttl': 5 } }
    expect(plan({ queues: [source, dead], operatorPolicies: [worse] }, live).blocks).toMatchObject([
      { reason: 'policy-loses', policy: 'operator-policy:%2F/short' },
    ])
  })

  it('is noted if it loses nothing', () => {
    const lost = policy('lost', { definition: { 'alternate-exchange': 'lost' } })
    const failed = exchange('billing.x.failed', { origin })

    expect(plan({ exchanges: [failed, exchange('plain')] }, { policies: [lost] })).toMatchObject({
      blocks: [],
      notes: [{ note: 'policy-captures', losses: [], addresses: ['exchange:%2F/billing.x.failed'] }],
    })
  })

  it('blocks nothing where everything is destroyed', () => {
    expect(plan({ queues: [dead] }, { policies: [short] }, { destroy: true })).toMatchObject({ blocks: [], notes: [] })
  })
})

describe('the policy of deadLetter', () => {
  const own = policy('q.failed', {
    pattern: '^q$',
    priority: 100,
    definition: { 'dead-letter-exchange': 'q.failed', 'dead-letter-routing-key': 'dead' },
  })
  const limit = policy('limit', { pattern: '^q', definition: { 'max-length': 9, 'dead-letter-exchange': 'old' } })

  it('is blocked if it would remove the limits of a policy that no file declares', () => {
    expect(plan({ queues: [queue('q')], policies: [own] }, { queues: [queue('q')], policies: [limit] }).blocks).toEqual(
      [
        {
          reason: 'policy-displaced',
          address: 'policy:%2F/q.failed',
          policy: 'policy:%2F/limit',
          queue: 'queue:%2F/q',
          keys: ['max-length'],
          places: [],
        },
      ],
    )
  })

  it('is not blocked if the keys are carried over, or if it has already displaced the policy', () => {
    const carried = { ...own, definition: { ...own.definition, 'max-length': 9 } }

    expect(plan({ queues: [queue('q')], policies: [carried, limit] }, { policies: [limit] }).blocks).toEqual([])
    expect(
      plan(
        { queues: [queue('q')], policies: [{ ...own, pattern: '^q$', applyTo: 'queues' }] },
        { policies: [own, limit] },
      ).blocks,
    ).toEqual([])
  })

  it('is blocked if a live policy with a higher priority would apply to its queue instead', () => {
    const high = { ...limit, priority: 100 }

    expect(plan({ queues: [queue('q')], policies: [own] }, { policies: [high] }).blocks).toMatchObject([
      { reason: 'dead-letter-policy-outranked', policy: 'policy:%2F/limit' },
    ])
  })
})
