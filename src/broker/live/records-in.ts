import type { ReceivedGlobalParameter } from '../management/answers/received.ts'
import { JOURNAL_FORMAT, readJournal } from '../records/move-journal.ts'
import { readRecord, RECORD_FORMAT } from '../records/ownership-record.ts'
import { unreadable } from '../records/unreadable-parameter.ts'
import type { Records } from './live.ts'
import { isJournalName, isRecordName } from '../../model/generated-names.ts'

/** Finds the records of ownership, and the journals of replacements, among the global parameters. */
export function recordsIn(parameters: readonly ReceivedGlobalParameter[]): Records {
  const records = parameters
    .filter(({ name }) => isRecordName(name))
    .map(({ name, value }) => readRecord(name, value) ?? unreadable(name, value, RECORD_FORMAT))
  const journals = parameters
    .filter(({ name }) => isJournalName(name))
    .map(({ name, value }) => readJournal(name, value) ?? unreadable(name, value, JOURNAL_FORMAT))
  return {
    ownership: records.flatMap((each) => ('name' in each ? [] : [each])),
    damaged: records.flatMap((each) => ('name' in each ? [each] : [])),
    journals: journals.flatMap((each) => ('name' in each ? [] : [each])),
    damagedJournals: journals.flatMap((each) => ('name' in each ? [each] : [])),
  }
}
