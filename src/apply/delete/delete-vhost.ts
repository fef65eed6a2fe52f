import { readLive } from '../../broker/live/read-live.ts'
import { deletes } from '../../broker/management/writes.ts'
import { KINDS } from '../../model/topology.ts'
import type { DeleteChange } from '../../plan/change.ts'
import { contentsOf } from '../../plan/steps/cascades.ts'
import type { ApplyRun } from '../apply-run.ts'
import { unnamed } from './along.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'
import { exceedsApprovedImpact, StaleError } from './exceeds-approved-impact.ts'

/**
 * Deletes a virtual host, with what others have in it, when that is no more than the plan named.
 *
 * @param named addresses of what the plan deletes, or has named as deleted along with it
 * @throws {StaleError} when others have more objects in it, or their queues hold more
 * @throws {AmqpError} when nobody can say what one of them holds
 */
export async function deleteVhost(
  run: ApplyRun,
  { before: { name }, impact }: Extract<DeleteChange, { kind: 'vhost' }>,
  named: ReadonlySet<string>,
): Promise<void> {
  const { client } = run
  const amqp = run.requireAmqp()
  const { topology, login } = await readLive(client, { vhosts: [name], kinds: new Set(KINDS) })
  const added = unnamed([...contentsOf(topology, name, login.user)], named)
  if (added !== undefined) throw new StaleError(added)
  const names = topology.queues.map((each) => each.name)
  const since = performance.now()
  const counts = [...(await countQueues({ amqp, client, vhost: name, names, since })).values()].map(requireCounted)
  const reason = exceedsApprovedImpact(impact, {
    messages: counts.reduce((sum, { messages }) => sum + messages, 0),
    consumers: counts.reduce((sum, { consumers }) => sum + consumers, 0),
    bindings: [],
  })
  if (reason !== undefined) throw new StaleError(reason)
  run.announceVhostDelete(name)
  await deletes.vhost(client, name)
}
