import type { Publisher } from '../../broker/snapshot/publishers.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { snapshotOwners } from '../../broker/snapshot/snapshot-owners.ts'
import type { UnknownReason } from '../../broker/snapshot/unknown.ts'
import type { UntouchableQueue } from '../../broker/live/live.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { address, addressOf } from '../../model/address.ts'
import type { ExportInput, LeftOut, RecordedOwner } from '../../insight/export/export-input.ts'
import { recognizeFrameworks } from '../../insight/frameworks/recognize-frameworks.ts'
import { ownershipOfRecords } from '../change/planned.ts'

/** The input of an export from a snapshot. */
export function inputOf(snapshot: Snapshot): ExportInput {
  const { live, source, vhosts, records } = snapshot
  const moving = (records?.journals ?? []).flatMap(({ vhost, moves }) =>
    moves.map(
      ({ holding }) => [address('queue', vhost, holding), 'messages wait there while warren moves a queue'] as const,
    ),
  )
  return {
    topology: live.topology,
    ...(source.kind === 'broker' && { login: source.user }),
    version: source.kind === 'broker' ? source.broker.version : source.version,
    owners: recordedOwners(snapshot),
    excluded: new Map(moving),
    frameworks: recognizeFrameworks(live.topology),
    consumers: vhosts.flatMap(({ name, consumers = [] }) =>
      consumers.map(({ queue, user }) => ({ vhost: name, queue, ...(user !== undefined && { user }) })),
    ),
  }
}

function recordedOwners({ live, records }: Snapshot): ReadonlyMap<string, RecordedOwner> {
  if (records === undefined) return new Map()
  // No project has an empty name, so all records count as those of other projects.
  const { others } = ownershipOfRecords({ records, topology: live.topology }, '')
  const kept = new Set(others.flatMap((each) => each.protected))
  return new Map(
    Array.from(snapshotOwners(records, live.topology), ([at, { project }]) => [
      at,
      { project, protected: kept.has(at) },
    ]),
  )
}

const UNTOUCHABLE: Readonly<Record<UntouchableQueue['reason'], string>> = {
  exclusive: 'it belongs to one connection, and is deleted with it',
  'server-named': 'the broker chose its name',
  internal: 'it belongs to a plugin',
}

/** Lists the queues that no topology can contain. */
export function untouchableIn({ vhosts }: Snapshot): readonly LeftOut[] {
  return vhosts.flatMap(({ untouchable }) =>
    untouchable.map((queue) => ({ address: addressOf('queue', queue), reason: UNTOUCHABLE[queue.reason] })),
  )
}

/** The source of the objects, as the end of a sentence. */
export function sourceWords({ source }: Snapshot): string {
  return source.kind === 'broker'
    ? `${source.broker.name}, RabbitMQ ${source.broker.version}`
    : `${source.path}${source.version === '' ? '' : `, RabbitMQ ${source.version}`}`
}

const REASONS: Readonly<Record<UnknownReason, string>> = {
  'no-permission': 'the login has no permissions there',
  'needs-administrator': 'the login needs the tag administrator',
  'needs-policymaker': 'the login needs the tag policymaker',
  'needs-monitoring': 'the login needs the tag monitoring',
  'statistics-off': 'the broker collects no statistics',
  refused: 'the broker refused the request',
  'not-exported': 'the definitions file does not contain them',
  'unreadable-record': 'an ownership record is damaged, or a newer version of warren wrote it',
}

/** The parts that could not be read, one line each. */
export function unknownLines({ unknown }: Snapshot): readonly string[] {
  return unknown.map(({ what, vhost, reason }) => {
    const where = vhost === undefined ? '' : ` in ${JSON.stringify(vhost)}`
    return `${what.replaceAll('-', ' ')}${where}: ${REASONS[reason]}`
  })
}

/**
 * The users that published to exchanges, one line each. The files contain them only as comments, and not for the
 * broker's own exchanges.
 */
export function publisherLines(publishers: readonly Publisher[] = []): readonly string[] {
  return publishers.map(
    ({ vhost, exchange, user }) => `${address('exchange', vhost, exchange)}: ${JSON.stringify(user)} publishes to it`,
  )
}

/** Why publishers are unknown. */
export function publishersUnknown(publishers: readonly Publisher[] | undefined): readonly string[] {
  return publishers === undefined ? ['publishers: only a broker with the rates_mode detailed knows them'] : []
}

/** Facts about queues at the time of the read, one line each. */
export function momentaryLines({ vhosts }: Snapshot): readonly string[] {
  return vhosts.flatMap(({ name, contents, consumers = [] }) => {
    const counts = new Map<string, number>()
    for (const { queue } of consumers) counts.set(queue, (counts.get(queue) ?? 0) + 1)
    const queues = new Set([...(contents?.keys() ?? []), ...counts.keys()])
    return [...queues].toSorted().flatMap((queue) => {
      const messages = contents?.get(queue)?.messages ?? 0
      const consuming = counts.get(queue) ?? 0
      if (messages === 0 && consuming === 0) return []
      const said = [
        ...(messages > 0 ? [countOf(messages, 'message')] : []),
        ...(consuming > 0 ? [countOf(consuming, 'consumer')] : []),
      ]
      return [`${address('queue', name, queue)}: ${said.join(', ')}`]
    })
  })
}
