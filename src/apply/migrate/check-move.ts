import { countOf } from '../../diagnostics/text/count-of.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { reads } from '../../broker/management/reads.ts'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { holdingProblem } from '../../plan/migration/holding-problem.ts'
import { explainHoldingProblem } from '../../plan/migration/explain-holding-problem.ts'
import { canonicalJson } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'
import { readWinners } from './require-room.ts'
import type { QueueMove } from './queue-move.ts'
import type { MoveRun } from './move-run.ts'
import { deleteHalfDeclared } from './half-declared.ts'
import { deleteEmptyQueue, declareQueue, readQueue } from './one-queue.ts'
import { drainsByItself } from '../../plan/compare/drains-by-itself.ts'

/**
 * Checks that a migration can be done, and records its start in the journal.
 *
 * @param again whether a run was killed during the check
 * @throws {WarrenError} when an obstacle exists; nothing has changed then
 */
export async function checkMove(run: MoveRun, move: QueueMove, again: boolean): Promise<void> {
  const { from, to } = move
  const { holding } = run.entry
  await refuseMoreThanPlanned(run, move)
  if (!drainsByItself(from, to)) await refuseLossyHolding(run, move)
  if (to.name !== from.name) await refuseExisting(run, to.name)
  if (!again) await refuseExisting(run, holding)
  await run.write({})
  try {
    if (again) await deleteHalfDeclared(run, holding)
    const probe = { ...to, name: holding }
    if (again) await tryDefinition(run, probe)
    else await run.apply.onceAccepted(definitionOf(to), () => tryDefinition(run, probe))
  } catch (error) {
    await run.apply.journalOf(run.vhost).remove(from.name)
    throw error
  }
  await run.write({ step: 'fill' })
}

async function refuseExisting(run: MoveRun, name: string): Promise<void> {
  if ((await readQueue(run.client, run.vhost, name)) === undefined) return
  throw new WarrenError(`${run.at(name)} exists already, and does not belong to an unfinished migration`, {
    code: 'MIGRATION_STOPPED',
    hint: 'move its messages to another queue, and delete it',
  })
}

/** Everything about a queue that the broker could refuse, so that one attempt is sufficient for equal queues. */
function definitionOf({ vhost, type, durable, autoDelete, arguments: table }: Queue): string {
  return canonicalJson([vhost, type, durable, autoDelete, table])
}

/** Checks the definition before the old queue is deleted, because the broker might refuse it. */
async function tryDefinition(run: MoveRun, queue: Queue): Promise<void> {
  const { client, amqp } = run
  await deleteEmptyQueue(client, amqp, queue)
  const taken = await declareQueue(client, amqp, queue)
  await deleteEmptyQueue(client, amqp, queue)
  if (taken) return
  throw new WarrenError(`the broker keeps another definition for ${run.at(run.entry.to)} than the declared one`, {
    code: 'MIGRATION_STOPPED',
    hint: 'check which of its arguments this version of RabbitMQ does not know',
  })
}

async function refuseMoreThanPlanned(run: MoveRun, { from, limits }: QueueMove): Promise<void> {
  const ready = await countReady(run.amqp, from.vhost, from.name)
  const where = run.at(from.name)
  if (ready === 'missing') throw stale(`${where} is gone`)
  const { consumers, bindings } = limits ?? {}
  if (consumers !== undefined && ready.consumers > consumers) {
    throw stale(`${where} has ${countOf(ready.consumers, 'consumer')}, and the plan named ${consumers}`)
  }
  if (bindings !== undefined && run.entry.bindings.length > bindings) {
    throw stale(`${where} has ${countOf(run.entry.bindings.length, 'binding')}, and the plan named ${bindings}`)
  }
}

function stale(message: string): WarrenError {
  return new WarrenError(message, { code: 'STALE_PLAN', hint: 'plan again' })
}

async function refuseLossyHolding(run: MoveRun, { from, to }: QueueMove): Promise<void> {
  const { client, amqp } = run
  const { vhost, name } = from
  const count = (await countQueues({ amqp, client, vhost, names: [name] })).get(name)
  const bytes = await reads.queueBytes(client, vhost, name)
  const size = { ...(count && { messages: requireCounted(count).messages }), ...(bytes !== undefined && { bytes }) }
  const problem = holdingProblem({ from, to, size }, await readWinners(run))
  if (problem === undefined) return
  const { because, remedy } = explainHoldingProblem(problem)
  throw new WarrenError(`the messages of ${run.at(name)} cannot be moved: ${because}`, {
    code: 'MIGRATION_STOPPED',
    hint: remedy,
  })
}
