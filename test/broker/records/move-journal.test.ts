import { describe, expect, it } from 'vitest'
import {
  journalValue,
  type MoveJournal,
  NOTHING_YET,
  readJournal,
  type ReplacedExchange,
  type UnfinishedMove,
} from '../../../src/broker/records/move-journal.ts'
import { journalName } from '../../../src/model/generated-names.ts'

const move: UnfinishedMove = {
  from: 'orders',
  to: 'orders',
  holding: 'orders.moving',
  step: 'fill',
  bindings: [{ source: 'events', routingKey: 'order.#', arguments: { 'x-match': 'all' } }],
  overlapFrom: 3,
  tally: { ...NOTHING_YET, moved: 7 },
}
const exchange: ReplacedExchange = {
  name: 'events',
  bindings: [{ source: 'events', destinationType: 'queue', destination: 'orders', routingKey: '#', arguments: {} }],
  topicPermissions: [{ user: 'svc', write: '^a', read: '' }],
}
const journal: MoveJournal = { project: 'shop', vhost: '/', moves: [move], exchanges: [exchange] }
const name = journalName(journal)

/** As the broker returns it. */
function received(value: object): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('a journal', () => {
  it('is read as it was written', () => {
    expect(name).toMatch(/^warren\.moves\.[0-9a-f]{16}$/)
    expect(readJournal(name, received(journalValue(journal)))).toEqual(journal)
  })

  it('is read if the broker returns an empty table as a list, and if it names no exchange', () => {
    const [binding] = exchange.bindings
    const listed = { ...exchange, bindings: [{ ...binding, arguments: [] }] }
    expect(readJournal(name, { ...journalValue(journal), exchanges: [listed] })).toEqual(journal)
    expect(readJournal(name, { ...journalValue(journal), exchanges: undefined })).toEqual({ ...journal, exchanges: [] })
  })

  it('is not confused with that of another project or vhost', () => {
    expect(readJournal(journalName({ ...journal, project: 'other' }), received(journalValue(journal)))).toBeUndefined()
  })

  it.each([
    ['nothing', null],
    ['another format', { ...journalValue(journal), format: 2 }],
    ['a move without a step', journalValue({ ...journal, moves: [{ ...move, step: 'begin' as 'fill' }] })],
    ['a count that is none', journalValue({ ...journal, moves: [{ ...move, overlapFrom: -1 }] })],
    ['a tally in part', { ...journalValue(journal), moves: [{ ...move, tally: { moved: 1 } }] }],
    [
      'an exchange whose binding has no end',
      { ...journalValue(journal), exchanges: [{ ...exchange, bindings: move.bindings }] },
    ],
    [
      'a right without a user',
      { ...journalValue(journal), exchanges: [{ ...exchange, topicPermissions: [{ write: '', read: '' }] }] },
    ],
    ['bindings that are none', { ...journalValue(journal), moves: [{ ...move, bindings: ['events'] }] }],
  ])('is damaged with %s', (_, value) => {
    expect(readJournal(name, value)).toBeUndefined()
  })
})
