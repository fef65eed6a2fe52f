import type { ReceivedGlobalParameter } from '../management/received.ts'
import { isJournalName, readJournal } from '../records/move-journal.ts'
import { isRecordName, readRecord } from '../records/ownership-record.ts'
import type { Records } from './live.ts'

/** Finds the records of ownership, and the journals of replacements, among the global parameters. */
export function recordsIn(parameters: readonly ReceivedGlobalParameter[]): Records {
  const candidates = parameters.filter(({ name }) => isRecordName(name))
  const read = candidates.map(({ name, value }) => ({ name, record: readRecord(name, value) }))
  const journals = parameters
    .filter(({ name }) => isJournalName(name))
    .map(({ name, value }) => ({ name, journal: readJournal(name, value) }))
  return {
    ownership: read.flatMap(({ record }) => record ?? []),
    damaged: read.flatMap(({ name, record }) => (record === undefined ? [name] : [])),
    journals: journals.flatMap(({ journal }) => journal ?? []),
    damagedJournals: journals.flatMap(({ name, journal }) => (journal === undefined ? [name] : [])),
  }
}
