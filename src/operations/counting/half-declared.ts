import { setTimeout as sleep } from 'node:timers/promises'
import { countingDelay } from '../../apply/counting-delay.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import type { Live } from '../../broker/live/live.ts'
import { AmqpError, isSilence } from '../../broker/amqp/connections/amqp-error.ts'
import { countReadyForSure } from '../../broker/amqp/count-ready.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Ownership } from '../../broker/records/ownership.ts'
import { addressOf } from '../../model/address.ts'
import type { Queue, Topology } from '../../model/topology.ts'
import type { PlanMode } from '../../plan/plan-mode.ts'
import type { AmqpLink } from '../session/amqp-link.ts'

export interface HalfDeclaredSettings {
  readonly desired: Topology
  readonly mode: Pick<PlanMode, 'destroy'>
  readonly live: Live
  readonly ownership: Ownership | 'unknown' | undefined
  /** Queues of an unfinished migration, which the migration itself checks. */
  readonly moves?: ReadonlyMap<string, string>
  readonly link: (live: Live) => Promise<AmqpLink>
}

/**
 * Finds queues that a stopped run was declaring and that do not answer.
 *
 * The broker registers a quorum queue before it starts its members. If a declaration over HTTP ended in between, the
 * queue is listed as declared. Every version may also list it as `running` with all its members online, although no
 * leader was elected. So the ownership record determines which queues to check: those that a run intended to create and
 * never confirmed. There are none unless a run was stopped. A destroy checks none.
 *
 * @returns why they do not answer, by address
 */
export async function findHalfDeclared(
  client: ManagementClient,
  { desired, mode, live, ownership, moves, link }: HalfDeclaredSettings,
): Promise<ReadonlyMap<string, string>> {
  if (mode.destroy || ownership === undefined || ownership === 'unknown') return new Map()
  const intended = new Set(
    [...ownership.own.values()].flatMap((record) => record.intended.flatMap(({ addresses }) => addresses)),
  )
  if (intended.size === 0) return new Map()
  const declared = new Set(desired.queues.map((queue) => addressOf('queue', queue)))
  const asked = live.topology.queues.filter((queue) => {
    const at = addressOf('queue', queue)
    return queue.type === 'quorum' && intended.has(at) && declared.has(at) && moves?.has(at) !== true
  })
  const silent = new Map(asked.flatMap((queue) => whyOffline(live, queue) ?? []))
  const unknown = asked.filter((queue) => !silent.has(addressOf('queue', queue)))
  if (unknown.length === 0) return silent
  const opened = await link(live)
  const found = 'amqp' in opened ? await askedOverAmqp(opened.amqp, unknown) : await withoutReports(client, unknown)
  return new Map([...silent, ...found])
}

function whyOffline({ lostMajority }: Live, queue: Queue): [[string, string]] | undefined {
  const at = addressOf('queue', queue)
  const count = lostMajority?.get(at)
  return count && [[at, `${count.online} of its ${count.members} members are online`]]
}

/**
 * One after the other, each on its own connection, because the broker closes a connection that uses a queue without a
 * leader.
 */
async function askedOverAmqp(amqp: Amqp, queues: readonly Queue[]): Promise<[string, string][]> {
  const silent: [string, string][] = []
  for (const queue of queues) {
    const { vhost, name, type } = queue
    try {
      await amqp.apart((each) => countReadyForSure(each, vhost, name, type))
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error
      // It is unknown whether a queue answers if the login may not read it.
      if (isSilence(error)) silent.push([addressOf('queue', queue), error.reason])
    }
  }
  return silent
}

/**
 * The API waits a minute for such a queue. A working queue reports statistics every few seconds, and a queue whose
 * members never started reports none.
 */
async function withoutReports(client: ManagementClient, queues: readonly Queue[]): Promise<[string, string][]> {
  if (!(await reads.collectsStatistics(client))) return []
  const unreported = async (some: readonly Queue[]) => {
    const totals = await Promise.all(some.map(({ vhost, name }) => reads.reportedTotal(client, vhost, name)))
    return some.filter((_queue, index) => totals[index] === undefined)
  }
  const first = await unreported(queues)
  if (first.length === 0) return []
  await sleep(countingDelay())
  const silent = await unreported(first)
  return silent.map((queue) => [
    addressOf('queue', queue),
    'it reports no statistics, but a working queue does so every few seconds',
  ])
}
