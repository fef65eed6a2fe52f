import { ManagementError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import { deletes } from '../management/writes.ts'
import type { Amqp } from '../messages/amqp.ts'
import type { ReplaceChange } from '../plan/plan.ts'
import { afterFirstWrite } from './begun-error.ts'
import { countQueues } from './count-queues.ts'
import { bringBack, deleteAndLook, type Dependents, putBack } from './dependents.ts'
import { exceedsStake } from './exceeds-stake.ts'
import { isBoundTo, readBindings } from './live-bindings.ts'
import { type RecreateContext, stopIfExceeded } from './recreate-context.ts'
import { putQueue } from './write-change.ts'

/** How often a queue is deleted that a program declares again at once. */
const TRIES = 3

/**
 * Deletes a queue, with its messages, and makes it anew with its bindings, those that nobody declared included.
 *
 * @throws {StaleError} when more would be lost than the plan named; nothing is done then
 */
export async function recreateQueue(
  context: RecreateContext,
  amqp: Amqp,
  { before, after, stake }: Extract<ReplaceChange, { kind: 'queue' }>,
): Promise<void> {
  const { client } = context
  const { vhost, name } = before
  const bindings = (await readBindings(client, vhost)).filter(isBoundTo(name))
  const count = (await countQueues(amqp, client, vhost, [name])).get(name)
  stopIfExceeded(context, stake, { ...count, bindings: bindings.map(({ address }) => address) })
  const isEmpty = (stake?.messages ?? 0) === 0
  const back = new Map(bindings.map(({ address, binding }) => [address, binding]))
  const dependents = (): Dependents => ({ bindings: [...back.values()], rights: [] })
  const remove = (ifEmpty: boolean) =>
    deleteAndLook(
      () => deletes.queue(client, vhost, name, ifEmpty && before.type === 'classic'),
      async () => (await reads.queues(client, vhost)).some((queue) => queue.name === name),
      dependents(),
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
        return putBack(client, () => putQueue(client, before), dependents(), error)
      }
      await afterFirstWrite(() => remove(true))
    }
  }
  await bringBack(client, dependents())

  async function lookAgain() {
    try {
      const there = (await readBindings(client, vhost)).filter(isBoundTo(name))
      for (const { address, binding } of there) back.set(address, binding)
      const again = (await countQueues(amqp, client, vhost, [name])).get(name)
      return again && { ...again, bindings: [] }
    } catch {
      return undefined
    }
  }
}

const NOTHING = { messages: 0, bindings: [], undeclaredBindings: 0 }

/** The broker refuses to redeclare with other properties (rabbit_amqqueue, assert_equivalence). */
function isOtherThere(error: unknown): boolean {
  return error instanceof ManagementError && error.status === 400
}
