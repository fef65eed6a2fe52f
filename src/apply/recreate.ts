import { deletes, writes } from '../management/writes.ts'
import type { ManagementClient } from '../management/client.ts'
import { reads } from '../management/reads.ts'
import type { Amqp } from '../messages/amqp.ts'
import type { Exchange } from '../model/topology.ts'
import type { RenameChange, ReplaceChange } from '../plan/plan.ts'
import { countQueues } from './count-queues.ts'
import { exceedsStake, StaleError } from './exceeds-stake.ts'
import { bind, isBoundTo, isOfExchange, type LiveBinding, readBindings } from './live-bindings.ts'
import { runSideBySide } from './run-side-by-side.ts'
import { putExchange, putQueue } from './write-change.ts'

const BINDINGS_AT_ONCE = 16

/** What a replacement has to know. */
export interface RecreateContext {
  readonly client: ManagementClient
  readonly amqp: Amqp
  /** Addresses of bindings that the plan deletes: they do not come back. */
  readonly dropped: ReadonlySet<string>
}

/**
 * Deletes a queue, with its messages, and makes it anew with its bindings, those that nobody declared included.
 *
 * @throws {StaleError} when more would be lost than the plan named; nothing is done then
 */
export async function recreateQueue(
  { client, amqp, dropped }: RecreateContext,
  { before, after, stake }: Extract<ReplaceChange, { kind: 'queue' }>,
): Promise<void> {
  const { vhost, name } = before
  const bindings = (await readBindings(client, vhost)).filter(isBoundTo(name))
  const count = (await countQueues(amqp, client, vhost, [name])).get(name)
  stopIfExceeded(exceedsStake(stake, { ...count, bindings: addresses(bindings) }))
  await deletes.queue(client, vhost, name, (stake?.messages ?? 0) === 0 && before.type === 'classic')
  await putQueue(client, after)
  await bringBack(client, bindings, dropped)
}

/**
 * Deletes an exchange and makes it anew with its bindings in both directions, those that nobody declared included, and
 * with the topic permissions on it, which brokers with Khepri delete with it.
 *
 * @throws {StaleError} when it has bindings that the plan did not name; nothing is done then
 */
export async function recreateExchange(
  { client, dropped }: RecreateContext,
  { before, after, stake }: Extract<ReplaceChange, { kind: 'exchange' }>,
  isAdministrator: boolean,
): Promise<void> {
  const { vhost, name } = before
  const bindings = (await readBindings(client, vhost)).filter(isOfExchange(name))
  stopIfExceeded(exceedsStake(stake, { bindings: addresses(bindings) }))
  const rights = isAdministrator ? await topicPermissionsOn(client, before) : []
  await deletes.exchange(client, vhost, name, false)
  await putExchange(client, after)
  await bringBack(client, bindings, dropped)
  for (const { user, write, read } of rights) {
    await writes.putTopicPermission(client, vhost, user, { exchange: name, write, read })
  }
}

/** Makes the exchange of a new name, with the bindings and topic permissions of the old one, which is deleted at the end. */
export async function copyExchange(
  { client, dropped }: RecreateContext,
  { before, after }: Extract<RenameChange, { kind: 'exchange' }>,
  isAdministrator: boolean,
): Promise<void> {
  const { vhost, name: old } = before
  await putExchange(client, after)
  const bindings = (await readBindings(client, vhost)).filter(isOfExchange(old))
  const renamed = (name: string) => (name === old ? after.name : name)
  const copies = bindings.map(({ binding, ...rest }) => {
    const destination = binding.destinationType === 'exchange' ? renamed(binding.destination) : binding.destination
    return { ...rest, binding: { ...binding, source: renamed(binding.source), destination } }
  })
  await bringBack(client, copies, dropped)
  for (const { user, write, read } of isAdministrator ? await topicPermissionsOn(client, before) : []) {
    await writes.putTopicPermission(client, vhost, user, { exchange: after.name, write, read })
  }
}

async function bringBack(
  client: ManagementClient,
  bindings: readonly LiveBinding[],
  dropped: ReadonlySet<string>,
): Promise<void> {
  const back = bindings.filter(({ address }) => !dropped.has(address))
  await runSideBySide(back, BINDINGS_AT_ONCE, ({ binding }) => bind(client, binding))
}

async function topicPermissionsOn(client: ManagementClient, { vhost, name }: Exchange) {
  const all = await reads.topicPermissions(client)
  return all.filter((each) => each.vhost === vhost && each.exchange === name)
}

function addresses(bindings: readonly LiveBinding[]): string[] {
  return bindings.map(({ address }) => address)
}

function stopIfExceeded(exceeded: string | undefined): void {
  if (exceeded !== undefined) throw new StaleError(exceeded)
}
