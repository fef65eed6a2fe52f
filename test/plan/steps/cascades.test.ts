import { describe, expect, it } from 'vitest'
import type { Topology } from '../../../src/model/topology.ts'
import { cascadeWords } from '../../../src/render/words/impact-words.ts'
import { binding, exchange, permission, policy, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const prune = { prune: true } as const
const theirs = (...addresses: string[]) => record({ project: 'billing', vhost: 'b', owned: addresses })
const topicPermission = { vhost: '/', user: 'svc', exchange: 'e', write: 'x', read: 'x' }

function pruned(live: Partial<Topology>, ours: string[], others: string[] = [], desired: Partial<Topology> = {}) {
  const all = { exchanges: [exchange('kept')], ...desired }
  const withKept = { ...live, exchanges: [exchange('kept'), ...(live.exchanges ?? [])] }
  const records = owned(record({ owned: [...ours, 'exchange:%2F/kept'] }), theirs(...others))
  return planOf(topology(withKept), topology(all), records, { ...prune, maxDeletes: { count: 100 } })
}

describe('the deletion of a user', () => {
  const live = {
    users: [user('svc')],
    permissions: [permission('svc', { vhost: 'b' }), permission('svc'), permission('other')],
    topicPermissions: [topicPermission],
  }

  it('names the rights that the broker deletes with it, and is blocked by those of others', () => {
    const plan = pruned(live, ['user:svc', 'permission:%2F/svc'], ['permission:b/svc'])
    const cascades = [{ address: 'permission:b/svc', project: 'billing' }, { address: 'topic-permission:%2F/svc/e' }]

    expect(plan.blocks).toEqual([{ reason: 'cascades', address: 'user:svc', objects: cascades }])
    expect(plan.changes.find(({ address }) => address === 'user:svc')).toMatchObject({ impact: { cascades } })
  })

  it('is not blocked if nothing else is deleted', () => {
    const plan = pruned({ ...live, permissions: [], topicPermissions: [] }, ['user:svc'])

    expect(plan.blocks).toEqual([])
    expect(plan.changes[0]).not.toHaveProperty('impact')
  })
})

describe('the deletion of an exchange', () => {
  const live = { exchanges: [exchange('e', { type: 'topic' })], topicPermissions: [topicPermission] }

  it('is blocked by topic permissions only where the broker deletes them with it', () => {
    const on = (version: string) =>
      planOf(
        topology({ ...live, exchanges: [exchange('kept'), ...live.exchanges] }),
        topology({ exchanges: [exchange('kept')] }),
        {
          ...owned(record({ owned: ['exchange:%2F/e', 'exchange:%2F/kept'] })),
          broker: {
            name: 'b',
            version,
            url: 'u',
            exchangeTypes: ['direct', 'topic'],
            forbidsOperatorPolicies: false,
            deniedFeatures: [],
          },
        },
        prune,
      ).blocks

    expect(on('4.3.6')).toMatchObject([{ reason: 'cascades', objects: [{ address: 'topic-permission:%2F/svc/e' }] }])
    expect(on('4.0.5')).toEqual([])
  })
})

describe('the deletion of a last binding', () => {
  const auto = exchange('auto', { autoDelete: true })
  const before = exchange('before', { autoDelete: true })
  const live = {
    exchanges: [auto, before],
    queues: [queue('q')],
    bindings: [binding('auto', 'q'), binding('before', 'auto', { destinationType: 'exchange' })],
  }
  const ours = ['queue:%2F/q', 'binding:%2F/auto/queue/q/']

  it('is blocked where the broker would delete an auto-delete exchange of another project with it, and what leads to that', () => {
    const blocks = pruned(live, ours, ['exchange:%2F/auto']).blocks

    expect(blocks).toEqual([
      {
        reason: 'cascades',
        address: expect.stringMatching(/^binding:/),
        objects: [{ address: 'exchange:%2F/auto', project: 'billing' }, { address: 'exchange:%2F/before' }],
      },
      {
        reason: 'cascades',
        address: 'queue:%2F/q',
        objects: [{ address: 'exchange:%2F/auto', project: 'billing' }, { address: 'exchange:%2F/before' }],
      },
    ])
  })

  it('is not blocked while another binding is kept or added, or if the project owns the exchange', () => {
    const other = binding('auto', 'elsewhere')
    expect(pruned({ ...live, bindings: [...live.bindings, other] }, ours).blocks).toEqual([])
    const arriving = { queues: [queue('new')], bindings: [binding('auto', 'new')], exchanges: [exchange('kept')] }
    expect(pruned(live, ours, [], arriving).blocks).toEqual([])
    const alone = { ...live, exchanges: [auto], bindings: [binding('auto', 'q')] }
    expect(pruned(alone, [...ours, 'exchange:%2F/auto'], []).blocks).toEqual([])
  })

  it('does not count as one if nothing was ever bound to the exchange', () => {
    expect(pruned({ exchanges: [auto], queues: [queue('q')] }, ['queue:%2F/q']).blocks).toEqual([])
  })

  it('blocks the replacement of a queue whose binding could not be restored', () => {
    const plan = planOf(
      topology(live),
      topology({ ...live, queues: [queue('q', { type: 'quorum' })] }),
      {},
      { allowReplace: new Set(['queue:%2F/q']) },
    )

    expect(plan.blocks).toContainEqual({
      reason: 'rebind-deletes-exchange',
      address: 'queue:%2F/q',
      exchange: 'exchange:%2F/auto',
    })
  })
})

describe('the deletion of a virtual host', () => {
  it('names everything in it by owner, except for the rights of the login', () => {
    const here = { vhost: 'shop' }
    const live = topology({
      vhosts: [vhost('shop', { claimed: true })],
      exchanges: [exchange('amq.topic', here), exchange('e', here), exchange('mine', here)],
      queues: [queue('q', here)],
      policies: [policy('p', here)],
      parameters: [{ ...here, component: 'shovel', name: 's', value: {} }],
      permissions: [permission('warren', here), permission('svc', here), permission('svc')],
      topicPermissions: [{ ...topicPermission, ...here }],
    })
    const plan = planOf(
      live,
      topology({ vhosts: [vhost('shop', { claimed: true })] }),
      owned(
        record({ vhost: 'shop', owned: ['vhost:shop', 'exchange:shop/mine'] }),
        record({ project: 'billing', vhost: 'shop', owned: ['queue:shop/q', 'policy:shop/p'] }),
      ),
      { destroy: true, allowDelete: new Set(['vhost:shop']) },
    )
    const deleted = plan.changes.find(({ address }) => address === 'vhost:shop')

    expect(deleted !== undefined && 'impact' in deleted && cascadeWords(deleted.impact ?? {})).toEqual([
      '4 objects that the project does not own (exchange:shop/e, parameter:shop/shovel/s, permission:shop/svc, …)',
      '2 objects of project billing (policy:shop/p, queue:shop/q)',
    ])
  })
})
