import { describe, expect, it } from 'vitest'
import { recordName } from '../../../src/model/generated-names.ts'
import { recordValue } from '../../../src/broker/records/ownership-record.ts'
import { snapshotOfDefinitions } from '../../../src/broker/snapshot/snapshot-of-definitions.ts'
import type { Snapshot } from '../../../src/broker/snapshot/snapshot.ts'
import { record } from '../../builders/records.ts'

const QUEUE = { durable: true, auto_delete: false, arguments: {} }

const TWO_VHOSTS = {
  rabbitmq_version: '4.0.5',
  original_cluster_name: 'one',
  vhosts: [{ name: '/' }, { name: 'other' }],
  users: [{ name: 'guest', password_hash: 'c2VjcmV0', tags: [] }],
  permissions: [{ vhost: 'other', user: 'guest', configure: '', write: '', read: '' }],
  topic_permissions: [],
  exchanges: [],
  queues: [
    { vhost: '/', name: 'a', ...QUEUE },
    { vhost: 'other', name: 'b', ...QUEUE },
  ],
  bindings: [],
  policies: [],
  parameters: [],
  global_parameters: [
    {
      name: recordName({ project: 'shop', vhost: '/' }),
      value: recordValue(record({ owned: ['queue:%2F/a'], adopted: ['exchange:%2F/e'] })),
    },
  ],
}

function read(value: unknown, vhosts?: readonly string[]): Snapshot {
  const found = snapshotOfDefinitions(value, { path: 'definitions.json', ...(vhosts && { vhosts }) })
  if ('finding' in found) throw new Error(found.finding.code)
  return found
}

describe('snapshotOfDefinitions', () => {
  it('reads every vhost with its own objects, and the owners of the records', () => {
    const { vhosts, owners, source } = read(TWO_VHOSTS)

    expect(vhosts.map(({ name, topology }) => [name, topology.queues.map((each) => each.name)])).toEqual([
      ['/', ['a']],
      ['other', ['b']],
    ])
    expect(vhosts[1]?.topology.permissions).toHaveLength(1)
    expect(owners).toEqual(
      new Map([
        ['queue:%2F/a', { project: 'shop', state: 'owned' }],
        ['exchange:%2F/e', { project: 'shop', state: 'adopted' }],
      ]),
    )
    expect(source).toEqual({ kind: 'definitions', path: 'definitions.json', version: '4.0.5', cluster: 'one' })
  })

  it('reads only the requested vhosts', () => {
    const { vhosts, live } = read(TWO_VHOSTS, ['other'])

    expect(vhosts.map(({ name }) => name)).toEqual(['other'])
    expect(live.topology.queues.map(({ name }) => name)).toEqual(['b'])
    expect(live.topology.users).toHaveLength(1)
  })

  it('lists messages, consumers and missing sections as unknown', () => {
    const { global_parameters: _, ...rest } = TWO_VHOSTS

    const { unknown, owners, vhosts } = read(rest)

    expect(owners).toBeUndefined()
    expect(vhosts[0]).not.toHaveProperty('contents')
    expect(unknown.map(({ what }) => what)).toEqual([
      'global-parameters',
      'internal-exchanges',
      'vhost-metadata',
      'owners',
      'messages',
      'consumers',
    ])
  })

  it('refuses a vhost that the file does not contain', () => {
    expect(() => read(TWO_VHOSTS, ['third'])).toThrow('definitions.json has no vhost "third"')
  })

  it('takes the name of a single vhost from its parameters, or from the caller', () => {
    const one = { queues: [{ name: 'a', ...QUEUE }], parameters: [] }
    const named = { ...one, parameters: [{ vhost: 'v', component: 'shovel', name: 's', value: {} }] }

    expect(read(named).vhosts[0]).toMatchObject({ name: 'v', topology: { queues: [{ name: 'a', vhost: 'v' }] } })
    expect(read(one, ['w']).vhosts[0]).toMatchObject({ name: 'w', topology: { queues: [{ name: 'a', vhost: 'w' }] } })
    expect(() => read(one)).toThrow('definitions-without-vhost')
  })
})
