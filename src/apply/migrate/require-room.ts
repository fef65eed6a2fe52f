import { livePolicy } from '../../broker/live/normalize.ts'
import { joinedRead } from '../../broker/management/joined-reads.ts'
import { reads } from '../../broker/management/reads.ts'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { dropsOldest, limitOf } from '../../plan/migration/length-limits.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './queue-move.ts'
import { readQueue } from './one-queue.ts'

/** Reads which policies apply to the queues of the vhost. */
export function readWinners({
  client,
  amqp,
  vhost,
}: Pick<MoveRun, 'client' | 'amqp' | 'vhost'>): Promise<WinnersOfBoth> {
  return joinedRead(client, `winners ${vhost}`, async () => {
    const [policies, operatorPolicies, { brokerVersion }] = await Promise.all([
      reads.policies(client, vhost),
      reads.operatorPolicies(client, vhost),
      amqp.opened(vhost),
    ])
    const live = { policies: policies.map(livePolicy), operatorPolicies: operatorPolicies.map(livePolicy) }
    return winnersOf(live, brokerVersion || (await reads.overview(client)).rabbitmq_version)
  })
}

/**
 * Stops a move before a moved message displaces an older one in its destination. There may be more messages than when
 * the move started, and policies may have changed.
 *
 * @throws {MoveStoppedError} when the destination has no space for the ready messages
 */
export async function requireRoom(run: MoveRun, from: string, to: string): Promise<void> {
  const { client, amqp } = run
  const [target, winners] = await Promise.all([readQueue(client, run.vhost, to), readWinners(run)])
  if (target === undefined) return
  const limit = dropsOldest(target, winners) ? limitOf(target, 'max-length', winners) : Infinity
  if (limit === Infinity) return
  const looks = await Promise.all([from, to].map((name) => countReady(amqp, run.vhost, name)))
  const messages = looks.reduce((sum, ready) => sum + (ready === 'missing' ? 0 : ready.messages), 0)
  if (messages <= limit) return
  throw new MoveStoppedError(
    `${run.at(to)} keeps ${limit} messages and drops older ones, but together with ${run.at(from)} there are ${messages}`,
    'raise its limit, or let consumers take some of them, and run the command again: it continues from here',
  )
}
