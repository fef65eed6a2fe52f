import type { ManagementClient } from '../../broker/management/client.ts'
import { deletes } from '../../broker/management/writes.ts'
import type { DeleteChange } from '../../plan/change.ts'
import { type LiveBinding, unbind } from '../bindings.ts'
import { afterFirstWrite } from '../partial-change-error.ts'
import { rebindRest } from '../replace/rebind.ts'
import { readLive } from '../../broker/live/read-live.ts'
import { KINDS } from '../../model/topology.ts'
import { contentsOf } from '../../plan/steps/cascades.ts'
import type { ApplyRun } from '../apply-run.ts'
import { unnamed } from './along.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'
import { exceedsApprovedImpact, StaleError } from './exceeds-approved-impact.ts'

/** Objects that are deleted without another check. Others are first compared with the plan. */
export type PlainDelete = Exclude<DeleteChange, { kind: 'queue' | 'exchange' | 'vhost' }>

/**
 * Deletes one object.
 *
 * @param bindings the live bindings at the address, if it is a binding
 */
export async function deleteObject(
  client: ManagementClient,
  change: PlainDelete,
  bindings: readonly LiveBinding[],
): Promise<void> {
  switch (change.kind) {
    case 'user':
      return deletes.user(client, change.before.name)
    case 'permission':
      return deletes.permission(client, change.before.vhost, change.before.user)
    case 'topic-permission':
      return deletes.topicPermission(client, change.before.vhost, change.before.user, change.before.exchange)
    case 'policy':
      return deletes.policy(client, 'policies', change.before.vhost, change.before.name)
    case 'operator-policy':
      return deletes.policy(client, 'operator-policies', change.before.vhost, change.before.name)
    case 'parameter':
      return deletes.parameter(client, change.before.component, change.before.vhost, change.before.name)
    case 'global-parameter':
      return deletes.globalParameter(client, change.before.name)
    case 'binding':
      for (const each of bindings) await unbind(client, each)
      if (change.rebinds) await afterFirstWrite(() => rebindRest(client, change.rebinds ?? []))
      return
  }
}

/**
 * Deletes a virtual host with foreign objects in it, if there are no more of them than the plan named.
 *
 * @param named addresses that the plan deletes, or names as deleted by the broker
 * @throws {StaleError} when it contains more foreign objects, or their queues hold more
 * @throws {AmqpError} when the content of one of them is unknown
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
