import type { ManagementClient } from '../../broker/management/client.ts'
import { orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { deletes, writes } from '../../broker/management/writes.ts'
import { isSameRecord, mergeRecords } from '../../broker/records/merge-records.ts'
import {
  emptyRecord,
  isEmptyRecord,
  type OwnershipRecord,
  readRecord,
  recordValue,
  RECORD_FORMAT,
} from '../../broker/records/ownership-record.ts'
import { unreadable, unreadableRecord } from '../../broker/records/unreadable-parameter.ts'
import { recordName } from '../../model/generated-names.ts'

/** The change of one record. */
export interface RecordEdit {
  /** The record that the run has read. */
  readonly base: OwnershipRecord
  /** The record that the run would write. */
  readonly target: OwnershipRecord
}

/**
 * Writes the differences between two states of records to the broker, with one request each. Reads each record right
 * before writing it, because the API has no compare-and-set and others may have changed it. Does not write an unchanged
 * record, and deletes an empty one.
 *
 * @throws {WarrenError} `DAMAGED_RECORD` when a record cannot be read; it is not overwritten
 */
export async function editRecords(client: ManagementClient, edits: readonly RecordEdit[]): Promise<void> {
  await Promise.all(
    edits.filter(({ base, target }) => !isSameRecord(base, target)).map((edit) => editRecord(client, edit)),
  )
}

/**
 * Deletes empty records that earlier versions of warren left behind.
 *
 * @throws {WarrenError} `DAMAGED_RECORD` when a record cannot be read; it is not deleted
 */
export async function deleteEmptyRecords(
  client: ManagementClient,
  places: readonly Pick<OwnershipRecord, 'project' | 'vhost'>[],
): Promise<void> {
  await Promise.all(
    places.map(async (place) => {
      const found = await readRecordOf(client, place)
      if (found !== undefined && isEmptyRecord(found)) await deletes.globalParameter(client, recordName(place))
    }),
  )
}

async function editRecord(client: ManagementClient, { base, target }: RecordEdit): Promise<void> {
  const name = recordName(target)
  const found = await readRecordOf(client, target)
  const current = found ?? emptyRecord(target.project, target.vhost)
  const merged = mergeRecords(base, target, current)
  if (isEmptyRecord(merged)) {
    if (found !== undefined) await deletes.globalParameter(client, name)
  } else if (found === undefined || !isSameRecord(found, merged)) {
    await writes.putGlobalParameter(client, name, recordValue(merged))
  }
}

async function readRecordOf(
  client: ManagementClient,
  place: Pick<OwnershipRecord, 'project' | 'vhost'>,
): Promise<OwnershipRecord | undefined> {
  const name = recordName(place)
  const parameter = await orIfMissing(reads.globalParameter(client, name), undefined)
  if (parameter === undefined) return undefined
  const { value } = parameter
  const record = readRecord(name, value)
  if (record === undefined) throw unreadableRecord(unreadable(name, value, RECORD_FORMAT))
  return record
}
