import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import type { Topology } from '../../../src/model/topology.ts'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import { undoOf } from '../../../src/plan/saved/undo.ts'
import { ownershipChanges } from '../../../src/plan/ownership/ownership-changes.ts'
import { exchange, permission, queue, topology, user } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

interface Applied {
  readonly before: Topology
  readonly after: Topology
  readonly owns?: readonly string[]
  readonly mode?: Partial<PlanMode>
  readonly counts?: ReadonlyMap<string, { readonly messages: number; readonly consumers: number }>
  /** Default: all. */
  readonly done?: readonly string[]
  /** The texts of the files that must not be shown. */
  readonly secrets?: readonly string[]
}

/** The undo of an apply that created the desired state. */
function undone({ before, after, owns = [], mode = {}, counts, done, secrets = [] }: Applied) {
  const plan = planOf(before, after, { ...owned(record({ owned: owns })), ...(counts && { counts }) }, mode)
  const registry = new SecretRegistry()
  for (const each of secrets) registry.addDeclared(each)
  return undoOf(plan, new Set(done ?? plan.changes.map(({ address }) => address)), after, registry)
}
const short = ({ changes }: ReturnType<typeof undone>) => changes.map(({ action, address }) => `${action} ${address}`)

describe('the undo of an apply', () => {
  it('leaves out data that only the plan needed', () => {
    const after = topology({ queues: [queue('q')] })
    const plan = {
      ...planOf(topology(), after),
      rights: { user: 'ci', missing: [], grants: [], unverified: 'no AMQP' },
      consumers: [{ address: 'queue:%2F/q', clients: [], unknown: 2 }],
      notCompared: [{ what: 'users', addresses: ['user:ann'] } as const],
    }
    const undo = undoOf(plan, new Set(['queue:%2F/q']), after, new SecretRegistry())

    expect([undo.rights, undo.consumers, undo.notCompared]).toEqual([undefined, undefined, undefined])
  })

  it('deletes only the objects that were really created', () => {
    const all = { before: topology(), after: topology({ queues: [queue('a'), queue('b')] }) }

    expect(short(undone(all))).toEqual(['delete queue:%2F/a', 'delete queue:%2F/b'])
    expect(short(undone({ ...all, done: ['queue:%2F/a'] }))).toEqual(['delete queue:%2F/a'])
    expect(undone(all)).toMatchObject({ cannotBringBack: [], blocks: [], mode: { prune: false } })
  })

  it('reverts changed objects', () => {
    const undo = undone({
      before: topology({ permissions: [permission('svc', { read: 'a' })] }),
      after: topology({ permissions: [permission('svc', { read: 'b' })] }),
      owns: ['permission:%2F/svc'],
    })

    expect(undo.changes).toMatchObject([
      { action: 'update', after: { read: 'a' }, differences: [{ property: 'read', before: 'b', after: 'a' }] },
    ])
  })

  it('is bound to the state of the broker after the apply', () => {
    const undo = undone({ before: topology(), after: topology({ queues: [queue('a')] }) })

    expect(undo.preconditions['queue:%2F/a']).toMatch(/^[0-9a-f]{32}$/)
  })

  it('recreates deleted objects, and lists the data that is lost', () => {
    const credential = { kind: 'hash', hash: new Secret('kI3GCqW5JLMJ') } as const
    const undo = undone({
      before: topology({ queues: [queue('keep'), queue('q')], users: [user('u', { credential, tags: ['x'] })] }),
      after: topology({ queues: [queue('keep')] }),
      owns: ['queue:%2F/keep', 'queue:%2F/q', 'user:u'],
      mode: { prune: true, allowDelete: new Set(['queue:%2F/q']) },
      counts: new Map([['queue:%2F/q', { messages: 3, consumers: 0 }]]),
    })

    expect(short(undo)).toEqual(['create queue:%2F/q', 'create user:u'])
    expect(undo.cannotBringBack).toEqual(['the messages that queue:%2F/q had', 'the password of user:u'])
    expect(JSON.stringify(undo)).not.toContain('kI3GCqW5JLMJ')
    expect(undo.changes[1]).not.toHaveProperty('after.credential')
  })

  it('reverses replacements and renames, and moves the messages of queues', () => {
    const replaced = undone({
      before: topology({ queues: [queue('q')] }),
      after: topology({ queues: [queue('q', { type: 'quorum' })] }),
      owns: ['queue:%2F/q'],
      mode: { allowReplace: new Set(['queue:%2F/q']) },
    })
    expect(replaced.changes).toMatchObject([
      {
        action: 'replace',
        how: 'migrate',
        after: { type: 'classic' },
        differences: [{ property: 'type', before: 'quorum', after: 'classic' }],
      },
    ])
    expect(replaced.cannotBringBack).toEqual(['the messages that queue:%2F/q had'])

    const renamed = undone({
      before: topology({ exchanges: [exchange('old')] }),
      after: topology({ exchanges: [exchange('new', { renamedFrom: 'old' })] }),
      owns: ['exchange:%2F/old'],
    })
    expect(renamed.changes).toMatchObject([
      { action: 'rename', address: 'exchange:%2F/old', from: 'exchange:%2F/new', after: { name: 'old' } },
    ])
  })

  it('cannot restore a value that contained a secret', () => {
    const parameter = (uri: string) => ({ name: 'p', value: { uri: new Secret(uri, 'amqp://(secret)@mq') } })
    const undo = undone({
      before: topology({ globalParameters: [parameter('amqp://a:sesame@mq')] }),
      after: topology({ globalParameters: [parameter('amqp://a:other@mq')] }),
      owns: ['global-parameter:p'],
    })

    expect(undo).toMatchObject({ changes: [], cannotBringBack: [expect.stringContaining('global-parameter:p')] })
    expect(JSON.stringify(undo)).not.toMatch(/sesame|other@/)
  })

  it('cannot restore a value that a secret of the file has replaced, nor one that contains a secret', () => {
    const parameter = (level: string) => ({ name: 'p', value: { level } })
    const undo = (before: string, after: string) =>
      undone({
        before: topology({ globalParameters: [parameter(before)] }),
        after: topology({ globalParameters: [parameter(after)] }),
        owns: ['global-parameter:p'],
        secrets: ['sesame-open'],
      })

    for (const [before, after] of [
      ['old-token', 'sesame-open'],
      ['sesame-open', 'plain'],
    ] as const) {
      expect(undo(before, after)).toMatchObject({
        changes: [],
        cannotBringBack: ['the value that global-parameter:p had, because it contains a secret'],
      })
    }
    expect(undo('old', 'new')).toMatchObject({ changes: [{ action: 'update' }], cannotBringBack: [] })
  })

  it('lists the owners that it does not restore, and how to restore each of them', () => {
    const both = topology({ queues: [queue('bills'), queue('orders')] })
    const records = [record({ project: 'billing', owned: ['queue:%2F/bills'] }), record({ owned: ['queue:%2F/lent'] })]
    const before = topology({ queues: [...both.queues, queue('lent')] })
    const desired = topology({ queues: [...both.queues, queue('lent', { external: true })] })
    const plan = planOf(before, desired, owned(...records), {}, { takesOver: ['billing'] })
    const undo = undoOf(plan, new Set(), before, new SecretRegistry(), undefined, ownershipChanges(plan))

    expect(undo).toMatchObject({
      changes: [],
      cannotBringBack: [
        'the ownership that billing had of 1 object: apply the files of billing with "takesOver: [shop]"',
        'that 1 object had no owner: warren release gives up adopted objects',
        'the ownership of 1 object: declare the released objects again to adopt them',
      ],
    })
  })
})
