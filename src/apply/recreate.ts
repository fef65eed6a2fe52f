import { deletes, writes } from '../management/writes.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError, UnreachableError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import type { Amqp } from '../messages/amqp.ts'
import { addressOf } from '../model/address.ts'
import type { Exchange } from '../model/topology.ts'
import type { RenameChange, ReplaceChange } from '../plan/plan.ts'
import { afterFirstWrite, BegunError } from './begun-error.ts'
import { countQueues } from './count-queues.ts'
import { exceedsStake, StaleError } from './exceeds-stake.ts'
import { bind, isBoundTo, isOfExchange, type LiveBinding, readBindings } from './live-bindings.ts'
import { runSideBySide } from './run-side-by-side.ts'
import { putExchange, putQueue } from './write-change.ts'

const BINDINGS_AT_ONCE = 16
/** How often a queue is deleted that a program declares again at once. */
const TRIES = 3

/** What a replacement has to know. */
export interface RecreateContext {
  readonly client: ManagementClient
  readonly amqp: Amqp
  /** Addresses of bindings that the plan deletes: an exchange of another name does not get them. */
  readonly dropped: ReadonlySet<string>
  /** Addresses of bindings that the run makes, whichever step: they are nobody else's. */
  readonly made: Set<string>
}

/**
 * Deletes a queue, with its messages, and makes it anew with its bindings, those that nobody declared included.
 *
 * @throws {StaleError} when more would be lost than the plan named; nothing is done then
 */
export async function recreateQueue(
  { client, amqp, made }: RecreateContext,
  { before, after, stake }: Extract<ReplaceChange, { kind: 'queue' }>,
): Promise<void> {
  const { vhost, name } = before
  const bindings = (await readBindings(client, vhost)).filter(isBoundTo(name))
  const count = (await countQueues(amqp, client, vhost, [name])).get(name)
  stopIfExceeded(exceedsStake(stake, { ...count, bindings: addresses(bindings).filter((each) => !made.has(each)) }))
  const isEmpty = (stake?.messages ?? 0) === 0
  const back = new Map(bindings.map((each) => [each.address, each]))
  const remove = (ifEmpty: boolean) =>
    deleteAndLook(
      () => deletes.queue(client, vhost, name, ifEmpty && before.type === 'classic'),
      async () => (await reads.queues(client, vhost)).some((queue) => queue.name === name),
      [...back.values()],
    )
  await remove(isEmpty)
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putQueue(client, after)
      break
    } catch (error) {
      // A program may declare the queue as it was in the moment when there is none; whatever it sent there is kept.
      const found = isOtherThere(error) && attempt < TRIES ? await lookAgain() : undefined
      if (found === undefined || exceedsStake({ ...NOTHING, consumers: stake?.consumers ?? 0 }, found) !== undefined) {
        return putBack(client, () => putQueue(client, before), [...back.values()], error)
      }
      await afterFirstWrite(() => remove(true))
    }
  }
  await bringBack(client, [...back.values()])

  async function lookAgain() {
    try {
      for (const each of (await readBindings(client, vhost)).filter(isBoundTo(name))) back.set(each.address, each)
      const again = (await countQueues(amqp, client, vhost, [name])).get(name)
      return again && { ...again, bindings: [] }
    } catch {
      return undefined
    }
  }
}

const NOTHING = { messages: 0, bindings: [], undeclaredBindings: 0 }

/**
 * Deletes an exchange and makes it anew with its bindings in both directions, those that nobody declared included, and
 * with the topic permissions on it, which brokers with Khepri delete with it.
 *
 * @throws {StaleError} when it has bindings that the plan did not name; nothing is done then
 */
export async function recreateExchange(
  { client, made }: RecreateContext,
  { before, after, stake }: Extract<ReplaceChange, { kind: 'exchange' }>,
  isAdministrator: boolean,
): Promise<void> {
  const { vhost, name } = before
  const bindings = (await readBindings(client, vhost)).filter(isOfExchange(name))
  stopIfExceeded(exceedsStake(stake, { bindings: addresses(bindings).filter((each) => !made.has(each)) }))
  const rights = isAdministrator ? await topicPermissionsOn(client, before) : []
  await deleteAndLook(
    () => deletes.exchange(client, vhost, name, false),
    async () => (await reads.exchanges(client, vhost)).some((exchange) => exchange.name === name),
    bindings,
  )
  try {
    await putExchange(client, after)
  } catch (error) {
    await putBack(client, () => putExchange(client, before), bindings, error)
  }
  await bringBack(client, bindings)
  await afterFirstWrite(async () => {
    for (const { user, write, read } of rights) {
      await writes.putTopicPermission(client, vhost, user, { exchange: name, write, read })
    }
  })
}

/** Makes the exchange of a new name, with the bindings and topic permissions of the old one, which is deleted at the end. */
export async function copyExchange(
  { client, dropped, made }: RecreateContext,
  { before, after }: Extract<RenameChange, { kind: 'exchange' }>,
  isAdministrator: boolean,
): Promise<void> {
  const { vhost, name: old } = before
  await putExchange(client, after)
  await afterFirstWrite(async () => {
    const bindings = (await readBindings(client, vhost)).filter(isOfExchange(old))
    const renamed = (name: string) => (name === old ? after.name : name)
    const copies = bindings.map(({ binding, ...rest }) => {
      const destination = binding.destinationType === 'exchange' ? renamed(binding.destination) : binding.destination
      return { ...rest, binding: { ...binding, source: renamed(binding.source), destination } }
    })
    // A binding that is a change of its own is made, and told, as that.
    const wanted = copies
      .filter(({ address }) => !dropped.has(address))
      .filter(({ binding }) => !made.has(addressOf('binding', binding)))
    for (const { binding } of wanted) made.add(addressOf('binding', binding))
    await bringBack(client, wanted)
    for (const { user, write, read } of isAdministrator ? await topicPermissionsOn(client, before) : []) {
      await writes.putTopicPermission(client, vhost, user, { exchange: after.name, write, read })
    }
  })
}

/**
 * Deletes what is to be made anew. Where no answer came, it is looked whether it is gone: if so, all that goes with it
 * has to come back.
 */
async function deleteAndLook(
  remove: () => Promise<void>,
  isThere: () => Promise<boolean>,
  bindings: readonly LiveBinding[],
): Promise<void> {
  try {
    await remove()
  } catch (error) {
    const unanswered = error instanceof UnreachableError || (error instanceof ManagementError && error.status >= 500)
    if (!unanswered) throw error
    const there = await isThere().catch(() => undefined)
    if (there === undefined) throw new BegunError(error, addresses(bindings))
    if (there) throw error
  }
}

/** The broker refuses to redeclare with other properties (rabbit_amqqueue, assert_equivalence). */
function isOtherThere(error: unknown): boolean {
  return error instanceof ManagementError && error.status === 400
}

/** The new one cannot be made, so the old one is made again, as far as that can be. Always throws. */
async function putBack(
  client: ManagementClient,
  putOld: () => Promise<unknown>,
  bindings: readonly LiveBinding[],
  error: unknown,
): Promise<never> {
  try {
    await putOld()
  } catch {
    throw new BegunError(error, addresses(bindings))
  }
  await bringBack(client, bindings)
  throw new BegunError(error)
}

/** Makes bindings, all that can be made, whatever becomes of the others. */
async function bringBack(client: ManagementClient, bindings: readonly LiveBinding[]): Promise<void> {
  const failed: { readonly address: string; readonly error: unknown }[] = []
  await runSideBySide(bindings, BINDINGS_AT_ONCE, async ({ address, binding }) => {
    try {
      await bind(client, binding)
    } catch (error) {
      failed.push({ address, error })
    }
  })
  if (failed.length > 0)
    throw new BegunError(
      failed[0]?.error,
      failed.map(({ address }) => address),
    )
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
