import type { Finding } from '../../diagnostics/findings/finding.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { readDefinitions } from '../live/read-definitions.ts'
import { byVhost, inVhosts } from './by-vhost.ts'
import type { Snapshot, VhostSnapshot } from './snapshot.ts'
import { snapshotOwners } from './snapshot-owners.ts'
import type { Unread } from './unknown.ts'

/**
 * Makes a snapshot of a definitions file that a broker exported. Messages and consumers are unknown.
 *
 * @param value the parsed JSON
 * @param from the shown path of the file, and the requested virtual hosts. Default: all
 * @throws {WarrenError} `UNKNOWN_NAME` when the file has no such vhost
 */
export function snapshotOfDefinitions(
  value: unknown,
  { path, vhosts: given }: { readonly path: string; readonly vhosts?: readonly string[] },
): Snapshot | { readonly finding: Finding } {
  const read = readDefinitions(value, { path, vhosts: given ?? [] })
  if ('finding' in read) return read
  const known = read.live.topology.vhosts.map(({ name }) => name)
  const missing = given?.find((each) => !known.includes(each))
  if (missing !== undefined) throw unknownVhost(missing, path, known)
  const names = [...new Set(given ?? known)].toSorted()
  const { records } = read
  const live = { ...read.live, topology: inVhosts(read.live.topology, new Set(names)), untouchableQueues: [] }
  const topologies = byVhost(live.topology, names)
  return {
    source: { kind: 'definitions', path, version: live.broker.version, cluster: live.broker.name },
    live,
    vhosts: names.flatMap((name): VhostSnapshot[] => {
      const topology = topologies.get(name)
      return topology === undefined ? [] : [{ name, topology, untouchable: [] }]
    }),
    ...(records && { owners: snapshotOwners(records, live.topology), records }),
    unknown: [
      ...read.notExported.map((what): Unread => ({ what, reason: 'not-exported' })),
      ...(records === undefined ? [{ what: 'owners', reason: 'not-exported' } as const] : []),
      ...(records?.damaged.map((): Unread => ({ what: 'damaged-owners', reason: 'unreadable-record' })) ?? []),
      { what: 'messages', reason: 'not-exported' },
      { what: 'consumers', reason: 'not-exported' },
    ],
  }
}

function unknownVhost(vhost: string, path: string, known: readonly string[]): WarrenError {
  return new WarrenError(`${path} has no vhost ${JSON.stringify(vhost)}`, {
    code: 'UNKNOWN_NAME',
    hint: `it has: ${known.map((each) => JSON.stringify(each)).join(', ') || 'none'}`,
  })
}
