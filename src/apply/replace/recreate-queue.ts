import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { NOTHING_YET } from '../../broker/records/move-journal.ts'
import { withDeclaredSlots } from '../../model/binding-slot.ts'
import { holdingQueue } from '../../plan/migration/holding-queue.ts'
import type { ReplaceChange, Impact } from '../../plan/change.ts'
import { afterFirstWrite, PartialChangeError } from '../partial-change-error.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'
import { deleteIfUnchanged } from '../delete/delete-if-unchanged.ts'
import { bringBack, deleteAndLook, type Dependents, putBack } from '../delete/dependents.ts'
import { exceedsApprovedImpact, requireApprovedImpact, StaleError } from '../delete/exceeds-approved-impact.ts'
import { readBindingsTo, readMovedBindings, toQueue } from '../bindings.ts'
import type { ApplyRun } from '../apply-run.ts'
import { putQueue } from '../write/put-queue.ts'

/** How many times a queue is deleted if a program immediately declares it again. */
const ATTEMPTS = 3

type Recreated = Extract<ReplaceChange, { kind: 'queue' }>

/**
 * Deletes a queue with its messages, and recreates it with all bindings, even undeclared ones. Meanwhile they are in
 * the journal, as a migration in the state `declare` (`move-states.ts`), and the next run completes it.
 *
 * @throws {StaleError} when more would be lost than the plan named; nothing is done then
 */
export async function recreateQueue(run: ApplyRun, change: Recreated): Promise<void> {
  const { before, after, impact } = change
  // A delay queue is bound only by its ladder, and its migration waits for the messages in it.
  const isJournaled = (impact?.undeclaredBindings ?? 0) > 0 && after.role?.kind !== 'delay'
  if (!isJournaled) return recreate(run, change)
  const { vhost, name } = before
  const journal = run.journalOf(vhost)
  const bindings = await readMovedBindings(run.client, toQueue(vhost, name))
  const holding = holdingQueue(before).name
  await journal.put({ from: name, to: name, holding, step: 'fill', bindings, tally: NOTHING_YET })
  try {
    await recreate(run, change)
  } catch (error) {
    // The next run creates the bindings that could not be recreated.
    if (!(error instanceof PartialChangeError) || error.missing.length === 0) await journal.remove(name)
    throw error
  }
  await journal.remove(name)
}

async function recreate(run: ApplyRun, { before, after, impact, bindsAs }: Recreated): Promise<void> {
  const { client, since } = run
  const amqp = run.requireAmqp()
  const { vhost, name } = before
  const count = async () => {
    const found = (await countQueues({ amqp, client, vhost, names: [name], since })).get(name)
    return found && requireCounted(found)
  }
  const counted = await count()
  // Counting may take seconds, so the bindings are read afterwards, to include those that were created meanwhile.
  const bindings = await readBindingsTo(client, toQueue(vhost, name))
  requireApprovedImpact(run, impact, { ...counted, bindings: bindings.map(({ address }) => address) })
  const back = new Map(bindings.map(({ address, binding }) => [address, binding]))
  const dependents = (): Dependents => ({ bindings: withDeclaredSlots([...back.values()], bindsAs ?? []), rights: [] })
  const remove = (planned: Impact | undefined) =>
    deleteAndLook(
      async () => {
        const exceeded = await deleteIfUnchanged(client, amqp, before, planned)
        if (exceeded) throw new StaleError(exceeded.reason)
      },
      async () => (await reads.queues(client, vhost)).some((queue) => queue.name === name),
      dependents(),
    )
  await remove(impact)
  const emptyImpact = { messages: 0, consumers: impact?.consumers ?? 0, bindings: [], undeclaredBindings: 0 }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putQueue(client, amqp, after)
      break
    } catch (error) {
      // While neither queue exists, a program may declare the old one again. Messages that it published there are
      // kept.
      const found = isOtherThere(error) && attempt < ATTEMPTS ? await lookAgain() : undefined
      if (found === undefined || exceedsApprovedImpact(emptyImpact, found) !== undefined) {
        return putBack(client, () => putQueue(client, amqp, before), dependents(), error)
      }
      await afterFirstWrite(() => remove(emptyImpact))
    }
  }
  await bringBack(client, dependents())

  async function lookAgain() {
    try {
      for (const { address, binding } of await readBindingsTo(client, toQueue(vhost, name))) back.set(address, binding)
      const again = await count()
      return again && { ...again, bindings: [] }
    } catch {
      return undefined
    }
  }
}

/** The broker refuses to redeclare with other properties (rabbit_amqqueue, assert_equivalence). */
function isOtherThere(error: unknown): boolean {
  return error instanceof ManagementError && error.status === 400
}
