import { ExitCode } from '../../diagnostics/exit-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { reads } from '../../broker/management/reads.ts'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { holdingProblem } from '../../plan/migration/holding-problem.ts'
import { holdingQueue } from '../../plan/migration/holding-queue.ts'
import { explainHoldingProblem } from '../../plan/migration/explain-holding-problem.ts'
import type { Queue } from '../../model/topology.ts'
import { NOTHING_YET, type UnfinishedMove } from '../../broker/records/move-journal.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'
import { readWinners } from './require-room.ts'
import type { ApplyRun } from '../apply-run.ts'
import type { QueueMove } from './queue-move.ts'
import { MoveRun } from './move-run.ts'
import { deleteEmptyQueue, declareQueue, readQueue } from './one-queue.ts'
import { readMovedBindings, toQueue } from '../bindings.ts'
import { drainsByItself } from '../../plan/compare/drains-by-itself.ts'

/**
 * Goes on with a move that a run has begun and not ended, or begins it.
 *
 * @throws {WarrenError} when something speaks against it; a move that was not begun before has changed nothing then
 */
export async function beginMove(apply: ApplyRun, move: QueueMove): Promise<MoveRun> {
  const known = await apply.journalOf(move.from.vhost).find(move.from.name)
  return known && known.step !== 'check' ? resume(apply, move, known) : begin(apply, move, known !== undefined)
}

async function resume(apply: ApplyRun, { from, to }: QueueMove, entry: UnfinishedMove): Promise<MoveRun> {
  const run = new MoveRun(apply, from.vhost, entry)
  if (entry.to !== to.name && entry.step === 'empty') {
    throw new WarrenError(`an earlier run has begun to move ${run.at(from.name)} to ${run.at(entry.to)}`, {
      exitCode: ExitCode.blocked,
      hint: `declare ${run.at(entry.to)} once more, so that the move can be ended; then rename that`,
    })
  }
  run.progress(`going on with moving the messages of ${run.at(from.name)}`)
  run.countCutShort()
  await run.write({ to: to.name })
  return run
}

async function begin(apply: ApplyRun, move: QueueMove, again: boolean): Promise<MoveRun> {
  const { from, to } = move
  const { vhost, name } = from
  const bindings = await readMovedBindings(apply.client, toQueue(vhost, name))
  const holding = holdingQueue(from).name
  const entry = { from: name, to: to.name, holding, step: 'check', bindings, tally: NOTHING_YET } as const
  const run = new MoveRun(apply, vhost, entry)
  await refuseMoreThanPlanned(run, move)
  if (!drainsByItself(from, to)) await refuseLossyHolding(run, move)
  if (to.name !== name) await refuseExisting(run, to.name)
  if (!again) await refuseExisting(run, holding)
  await run.write({})
  try {
    await tryDefinition(run, { ...to, name: holding })
  } catch (error) {
    await apply.journalOf(vhost).remove(name)
    throw error
  }
  await run.write({ step: 'fill' })
  return run
}

async function refuseExisting(run: MoveRun, name: string): Promise<void> {
  if ((await readQueue(run.client, run.vhost, name)) === undefined) return
  throw new WarrenError(`${run.at(name)} exists already, and belongs to no move that was begun`, {
    exitCode: ExitCode.blocked,
    hint: 'move its messages to where they belong, and delete it',
  })
}

/** A definition that the broker does not take is found out now, and not when the old queue is gone. */
async function tryDefinition(run: MoveRun, queue: Queue): Promise<void> {
  const { client, amqp } = run
  await deleteEmptyQueue(client, amqp, queue)
  const taken = await declareQueue(client, queue)
  await deleteEmptyQueue(client, amqp, queue)
  if (taken) return
  throw new WarrenError(`the broker keeps another definition for ${run.at(run.entry.to)} than the declared one`, {
    exitCode: ExitCode.blocked,
    hint: 'see which of its arguments this version of RabbitMQ does not know',
  })
}

async function refuseMoreThanPlanned(run: MoveRun, { from, limits }: QueueMove): Promise<void> {
  const ready = await countReady(run.amqp, from.vhost, from.name)
  const where = run.at(from.name)
  if (ready === 'missing') throw stale(`${where} is gone`)
  const { consumers, bindings } = limits ?? {}
  if (consumers !== undefined && ready.consumers > consumers) {
    throw stale(`${where} has ${ready.consumers} consumers, and the plan named ${consumers}`)
  }
  if (bindings !== undefined && run.entry.bindings.length > bindings) {
    throw stale(`${where} has ${run.entry.bindings.length} bindings, and the plan named ${bindings}`)
  }
}

function stale(message: string): WarrenError {
  return new WarrenError(message, { exitCode: ExitCode.stale, hint: 'plan again' })
}

async function refuseLossyHolding(run: MoveRun, { from, to }: QueueMove): Promise<void> {
  const { client, amqp } = run
  const { vhost, name } = from
  const count = (await countQueues({ amqp, client, vhost, names: [name] })).get(name)
  const bytes = await reads.queueBytes(client, vhost, name)
  const size = { ...(count && { messages: requireCounted(count).messages }), ...(bytes !== undefined && { bytes }) }
  const problem = holdingProblem({ from, to, size }, await readWinners(client, vhost))
  if (problem === undefined) return
  const { because, remedy } = explainHoldingProblem(problem)
  throw new WarrenError(`the messages of ${run.at(name)} cannot be moved: ${because}`, {
    exitCode: ExitCode.blocked,
    hint: remedy,
  })
}
