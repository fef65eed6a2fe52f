import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live } from '../live/live.ts'
import { readLive, readRest } from '../live/read-live.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import type { ReceivedQueueStatistics, ReceivedQueueTotals } from '../management/answers/received.ts'
import { byVhost, inVhosts } from './by-vhost.ts'
import { consumersIn } from './consumers.ts'
import type { QueueContent, QueueUsage, Snapshot, StatisticsModes, VhostSnapshot } from './snapshot.ts'
import { snapshotOwners } from './snapshot-owners.ts'
import type { Unread, UnknownPart, UnknownReason } from './unknown.ts'

export interface SnapshotScope {
  /** Only these vhosts. Default: all that the login may see */
  readonly vhosts?: readonly string[]
  /** Whether to read statistics about queues: when they were used, and how large they are. Default false. */
  readonly usage?: boolean
  /** The data of these vhosts that was read before; only the rest is read. Default: nothing. */
  readonly known?: Live
}

/**
 * Reads everything that the login may see, with at most eight bulk requests for each vhost, and some for the whole
 * broker. Data that it may not see is listed as unknown.
 *
 * @throws {WarrenError} `UNKNOWN_NAME` when a given vhost does not exist, or the login does not see it
 */
export async function readSnapshot(client: ManagementClient, scope: SnapshotScope = {}): Promise<Snapshot> {
  const [listed, modes] = await Promise.all([reads.vhosts(client), reads.statisticsModes(client)])
  const visible = listed.map(({ name }) => name)
  const wanted = scope.vhosts === undefined ? visible : requireVhosts(scope.vhosts, visible)
  const statistics: StatisticsModes = {
    ...(modes.rates_mode !== undefined && { ratesMode: modes.rates_mode }),
    collected: modes.disable_stats === false,
  }
  const whole = { vhosts: wanted, skipUnreadable: true }
  const read = await (scope.known === undefined ? readLive(client, whole) : readRest(client, whole, scope.known))
  const unreadable = new Set(read.unreadable)
  const names = wanted.filter((each) => !unreadable.has(each)).toSorted()
  const live: Live = { ...read, topology: inVhosts(read.topology, new Set(names)) }
  const now = new MomentaryReads(client, live, statistics)
  const [connections, contents, consumers, usages] = await Promise.all([
    now.connections(),
    Promise.all(names.map((vhost) => now.contents(vhost))),
    Promise.all(names.map((vhost) => now.consumers(vhost))),
    Promise.all(scope.usage === true ? names.map((vhost) => now.usage(vhost)) : []),
  ])
  const topologies = byVhost(live.topology, names)
  const vhosts = names.flatMap((name, index): VhostSnapshot[] => {
    const topology = topologies.get(name)
    if (topology === undefined) return []
    const [content, consuming, usage] = [contents[index], consumers[index], usages[index]]
    return [
      {
        name,
        topology,
        untouchable: (live.untouchableQueues ?? []).filter(({ vhost }) => vhost === name),
        ...(content && { contents: content }),
        ...(consuming && { consumers: consumersIn(consuming, connections) }),
        ...(usage && { usage }),
      },
    ]
  })
  const { records } = live
  return {
    source: { kind: 'broker', broker: live.broker, user: live.login.user },
    live,
    vhosts,
    ...(records && { owners: snapshotOwners(records, live.topology), records }),
    statistics,
    unknown: [
      ...[...unreadable].map((vhost): Unread => ({ what: 'vhost', vhost, reason: 'no-permission' })),
      ...unknownTo(live),
      ...now.unknown,
    ],
  }
}

/** The use of one vhost at one point in time, from statistics and consumers. */
export interface MomentaryUse extends Pick<VhostSnapshot, 'usage' | 'consumers'> {
  readonly vhost: string
}

/** Reads only the use of a snapshot's vhosts again. */
export async function readUse(client: ManagementClient, snapshot: Snapshot): Promise<readonly MomentaryUse[]> {
  const now = new MomentaryReads(client, snapshot.live, snapshot.statistics ?? { collected: true })
  const [connections, ...vhosts] = await Promise.all([
    now.connections(),
    ...snapshot.vhosts.map(async ({ name }) => ({
      vhost: name,
      usage: await now.usage(name),
      consumers: await now.consumers(name),
    })),
  ])
  return vhosts.map(({ vhost, usage, consumers }) => ({
    vhost,
    ...(usage && { usage }),
    ...(consumers && { consumers: consumersIn(consumers, connections) }),
  }))
}

function requireVhosts(given: readonly string[], visible: readonly string[]): readonly string[] {
  const missing = given.find((each) => !visible.includes(each))
  if (missing === undefined) return [...new Set(given)]
  throw new WarrenError(`there is no vhost ${JSON.stringify(missing)} that this login may access`, {
    code: 'UNKNOWN_NAME',
    hint: `this login sees: ${visible.map((each) => JSON.stringify(each)).join(', ') || 'none'}`,
  })
}

/** The kinds that the login may not read because of its tags. */
function unknownTo(live: Live): Unread[] {
  const unknown = (reason: UnknownReason, ...parts: readonly UnknownPart[]) => parts.map((what) => ({ what, reason }))
  return [
    ...(live.usersReadable ? [] : unknown('needs-administrator', 'users', 'permissions', 'topic-permissions')),
    ...(live.parametersReadable ? [] : unknown('needs-policymaker', 'parameters', 'global-parameters', 'owners')),
    ...(live.records?.damaged.map((): Unread => ({ what: 'damaged-owners', reason: 'unreadable-record' })) ?? []),
  ]
}

/** Reads facts about the present moment, and collects what could not be read. */
class MomentaryReads {
  readonly unknown: Unread[] = []
  readonly #client: ManagementClient
  readonly #statistics: StatisticsModes
  readonly #seesOthers: boolean

  constructor(client: ManagementClient, { login }: Live, statistics: StatisticsModes) {
    this.#client = client
    this.#statistics = statistics
    // For other logins, the answer is 200 with an empty list of other users' consumers and connections.
    this.#seesOthers = login.tags.some((tag) => tag === 'monitoring' || tag === 'administrator')
    if (!this.#seesOthers) this.unknown.push(...both('needs-monitoring'))
    else if (!statistics.collected) this.unknown.push(...both('statistics-off'))
  }

  async contents(vhost: string): Promise<ReadonlyMap<string, QueueContent> | undefined> {
    const totals = await this.#orUnknown('messages', vhost, () => reads.queueTotals(this.#client, vhost))
    return totals && new Map(totals.flatMap(contentOf))
  }

  async consumers(vhost: string) {
    if (!this.#seesOthers || !this.#statistics.collected) return undefined
    return this.#orUnknown('consumers', vhost, () => reads.consumers(this.#client, vhost))
  }

  async connections() {
    if (!this.#seesOthers || !this.#statistics.collected) return []
    return (await this.#orUnknown('clients', undefined, () => reads.connections(this.#client))) ?? []
  }

  async usage(vhost: string): Promise<ReadonlyMap<string, QueueUsage> | undefined> {
    if (!this.#statistics.collected) {
      this.unknown.push({ what: 'usage', vhost, reason: 'statistics-off' })
      return undefined
    }
    const rows = await this.#orUnknown('usage', vhost, () => reads.queueStatistics(this.#client, vhost))
    return rows && new Map(rows.map((row) => [row.name, usageOf(row)]))
  }

  async #orUnknown<T>(what: UnknownPart, vhost: string | undefined, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof ManagementError && error.status < 500)) throw error
      this.unknown.push({ what, ...(vhost !== undefined && { vhost }), reason: 'refused' })
      return undefined
    }
  }
}

function both(reason: UnknownReason): Unread[] {
  return [
    { what: 'consumers', reason },
    { what: 'clients', reason },
  ]
}

/** A stream, and a new queue, have no totals, so their content is unknown. */
function contentOf(row: ReceivedQueueTotals): [string, QueueContent][] {
  const { name, messages, messages_ready: ready = 0, messages_unacknowledged: unacknowledged = 0 } = row
  return messages === undefined ? [] : [[name, { messages, ready, unacknowledged }]]
}

/** The use of one queue according to statistics. */
function usageOf({
  idle_since: idle,
  message_bytes: bytes,
  message_stats: counters = {},
}: ReceivedQueueStatistics): QueueUsage {
  const { publish, deliver_get: deliver } = counters
  const since = typeof idle === 'string' ? new Date(idle) : undefined
  return {
    ...(since !== undefined && !Number.isNaN(since.getTime()) && { idleSince: since.toISOString() }),
    ...(bytes !== undefined && { bytes }),
    ...(publish !== undefined && { published: publish }),
    ...(deliver !== undefined && { delivered: deliver }),
  }
}
