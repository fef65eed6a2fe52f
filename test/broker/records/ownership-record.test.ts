import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { address } from '../../../src/model/address.ts'
import { entryOf, KnownAddresses } from '../../../src/broker/records/entry.ts'
import { mergeRecords } from '../../../src/broker/records/merge-records.ts'
import { readRecord, recordValue } from '../../../src/broker/records/ownership-record.ts'
import { OwnEntries, ownershipOf } from '../../../src/broker/records/ownership.ts'
import { record } from '../../builders/records.ts'
import { isRecordName, recordName } from '../../../src/model/generated-names.ts'

const full = record({
  owned: ['queue:%2F/b', 'queue:%2F/a'],
  adopted: ['exchange:%2F/x'],
  intended: [{ run: 'r', at: '2026-01-01T00:00:00.000Z', addresses: ['queue:%2F/c'] }],
  protected: ['queue:%2F/a'],
})

describe('a record of ownership', () => {
  it('is read back as written, in order', () => {
    const value: unknown = JSON.parse(JSON.stringify(recordValue(full)))

    expect(readRecord(recordName(full), value)).toEqual({ ...full, owned: ['queue:%2F/a', 'queue:%2F/b'] })
    expect(recordValue({ ...full, owned: full.owned.toReversed() })).toEqual(recordValue(full))
  })

  it('keeps the declarations of objects that delete themselves, and concurrent changes of others', () => {
    const selfDeleting = [{ declaration: 'd1', addresses: ['queue:%2F/b'] }]
    const kept = { ...full, selfDeleting }

    expect(readRecord(recordName(kept), JSON.parse(JSON.stringify(recordValue(kept))))).toMatchObject({ selfDeleting })
    const target = { ...kept, selfDeleting: [{ declaration: 'd2', addresses: ['queue:%2F/b'] }] }
    expect(mergeRecords(kept, target, kept)).toMatchObject({ selfDeleting: target.selfDeleting })
    expect(mergeRecords(kept, kept, { ...full, owned: [] })).toMatchObject({ owned: [] })
    expect(readRecord(recordName(kept), { ...recordValue(kept), selfDeleting: [{ addresses: [] }] })).toBeUndefined()
  })

  it('has a short, distinct name for each project and virtual host', () => {
    const long = { project: 'p'.repeat(5_000), vhost: 'ü'.repeat(255) }
    const names = [long, { project: 'a', vhost: 'b' }, { project: 'b', vhost: 'a' }, { project: 'ab', vhost: '' }]

    for (const each of names) expect(recordName(each)).toMatch(/^warren\.owner\.[0-9a-f]{16}$/)
    expect(new Set(names.map(recordName)).size).toBe(4)
    expect(['warren.owner.1', 'warren.moves.1', 'owner.1'].map(isRecordName)).toEqual([true, false, false])
  })

  it('shows no login in the arguments of a binding', () => {
    const owned = [{ uris: ['amqp://user:pa55word@host'] }, { password: 'pa55word' }].map((table) =>
      address('binding', '/', 'a', 'queue', 'q', '', JSON.stringify(table)),
    )
    const plain = address('binding', '/', 'a', 'queue', 'q', '{not JSON', JSON.stringify({ of: 'b' }))
    const value = recordValue({ ...full, owned: [...owned, plain] })

    expect(JSON.stringify(value)).not.toContain('pa55word')
    expect(value).toMatchObject({ owned: expect.arrayContaining([plain, ...owned.map(entryOf)]) })
    expect(owned.map(new KnownAddresses(() => [...owned, plain]).addressOf)).toEqual(owned)
    expect(owned.map(entryOf).map(new KnownAddresses(() => [...owned, plain]).addressOf)).toEqual(owned)
  })

  it.each([
    ['nothing', null],
    ['a string', 'owned'],
    ['a list', []],
    ['a newer format', { ...recordValue(full), format: 3 }],
    ['no project', { ...recordValue(full), project: undefined }],
    ['the record of another virtual host', { ...recordValue(full), vhost: '/other' }],
    ['a list that is a string', { ...recordValue(full), owned: 'queue:%2F/a' }],
    ['an address that is a number', { ...recordValue(full), adopted: [1] }],
    ['no list of what is protected', { ...recordValue(full), protected: undefined }],
    ['a claim that is null', { ...recordValue(full), intended: [null] }],
    ['a claim without addresses', { ...recordValue(full), intended: [{ run: 'r', at: 't' }] }],
    ['a claim of an unknown run', { ...recordValue(full), intended: [{ at: 't', addresses: [] }] }],
  ])('is damaged when it is %s', (_what, value) => {
    expect(readRecord(recordName(full), value)).toBeUndefined()
  })
})

const long = `binding:%2F/${'exchange'.repeat(10)}/queue/${'queue'.repeat(10)}/%23`

describe('an entry of a record', () => {
  it('keeps a short address readable, and hashes a long one, which known objects resolve', () => {
    const value = JSON.parse(JSON.stringify(recordValue(record({ owned: ['queue:%2F/a', long] })))) as unknown
    const read = readRecord(recordName(full), value)
    const [hash, short] = read?.owned ?? []

    expect([hash, short]).toEqual([expect.stringMatching(/^binding#[\w-]{22}$/), 'queue:%2F/a'])
    expect(entryOf(hash ?? '')).toBe(hash)
    const ownership = (...known: string[]) =>
      ownershipOf('shop', read ? [read] : [], [], new KnownAddresses(() => known))
    expect(new OwnEntries(ownership(long)).stateOf(long)).toBe('owned')
    expect([...new OwnEntries(ownership()).addresses()]).toEqual([hash, 'queue:%2F/a'])
  })

  it('is read from format 1, which wrote out every address', () => {
    const { taken: _taken, ...old } = { ...recordValue(full), format: 1, owned: [long] }

    expect(readRecord(recordName(full), old)).toMatchObject({ owned: [long], taken: [] })
  })

  it('is short enough that 100,000 of them fit into the smallest body that a broker accepts', () => {
    const longest = 'q'.repeat(765)
    const owned = Array.from({ length: 100_000 }, (_, index) => `binding:%2F/x/queue/${longest}${index}/k`)

    expect(JSON.stringify({ value: recordValue(record({ owned })) }).length).toBeLessThan(10 * 1024 * 1024)
  })
})

describe('the changes of a run in a record', () => {
  const lists = fc.uniqueArray(fc.constantFrom('queue:%2F/a', 'queue:%2F/b', 'queue:%2F/c', long))
  const anyRecord = fc.record({ owned: lists, protected: lists }).map((each) => record(each))

  it('are written alone, so that changes of others are kept', () => {
    const base = record({ owned: ['queue:%2F/a', 'queue:%2F/b'], protected: ['queue:%2F/b'] })
    const target = record({ owned: ['queue:%2F/a', 'queue:%2F/b', 'queue:%2F/c'], protected: ['queue:%2F/b'] })
    const current = record({ owned: ['queue:%2F/b'], taken: [{ from: 'billing', addresses: ['queue:%2F/b'] }] })

    expect(mergeRecords(base, target, current)).toEqual({
      ...current,
      owned: ['queue:%2F/b', 'queue:%2F/c'],
    })
  })

  it('result in the whole record if no other run changed it, and in nothing if the run changes nothing', () => {
    fc.assert(
      fc.property(anyRecord, anyRecord, (one, other) => {
        expect(recordValue(mergeRecords(one, other, one))).toEqual(recordValue(other))
        expect(recordValue(mergeRecords(one, one, other))).toEqual(recordValue(other))
      }),
    )
  })
})

describe('ownership', () => {
  it('lists the objects of a project, and the owners of the others', () => {
    const others = record({ project: 'billing', owned: ['queue:%2F/d'], adopted: ['queue:%2F/e'] })
    const elsewhere = record({ vhost: 'b', adopted: ['user:u'], owned: ['queue:b/q'] })
    const ownership = ownershipOf('shop', [full, others, elsewhere], [])
    const everywhere = new OwnEntries(ownership)

    expect([...ownership.foreign]).toEqual([
      ['queue:%2F/d', 'billing'],
      ['queue:%2F/e', 'billing'],
    ])
    expect(['queue:%2F/a', 'exchange:%2F/x', 'queue:%2F/c', 'queue:%2F/d'].map((at) => everywhere.stateOf(at))).toEqual(
      ['owned', 'adopted', 'adopted', undefined],
    )
    expect([everywhere.isProtected('queue:%2F/a'), everywhere.isProtected('queue:%2F/b')]).toEqual([true, false])
    expect(new OwnEntries(ownership, new Set(['/'])).stateOf('queue:b/q')).toBeUndefined()
  })

  it('counts an object as owned if one virtual host owns it and another one adopted it', () => {
    const records = [record({ owned: ['user:u'] }), record({ vhost: 'b', adopted: ['user:u'] })]

    for (const order of [records, records.toReversed()])
      expect(new OwnEntries(ownershipOf('shop', order, [])).stateOf('user:u')).toBe('owned')
  })
})
