import { WarrenError } from '../../diagnostics/warren-error.ts'
import { ExitCode } from '../../diagnostics/exit-code.ts'
import { addressOf } from '../../model/address.ts'
import { withDeclaredSlots } from '../../model/binding-slot.ts'
import type { MovedBinding } from '../../broker/records/move-journal.ts'
import { beginMove } from './begin-move.ts'
import { emptyDelayQueue } from './empty-delay-queue.ts'
import type { ApplyRun } from '../apply-run.ts'
import type { MoveResult, QueueMove } from './queue-move.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './move-stopped-error.ts'
import { withAttempts } from './with-attempts.ts'
import { declareHoldingQueue, declareQueue, isAs, readQueue } from './one-queue.ts'
import { bindingTo, movedBinding, toQueue, unionOf } from '../bindings.ts'
import { switchOver } from './switch-over.ts'

/** How often a client may declare the old queue again before that is told. */
const TRIES = 5

/**
 * Replaces a queue, or makes it one of another name, and keeps every message.
 *
 * A holding queue takes the place of the old one, which is deleted; then the new one takes the place of the holding
 * queue. At every moment at least one of two is bound, so a few messages come twice and none is lost. What is done is in
 * the journal before it begins, so that a run that was killed is gone on with by the next.
 *
 * @throws {WarrenError} when something stands in the way: it says what, every message is there, and the next run goes on
 */
export async function moveQueue(apply: ApplyRun, move: QueueMove): Promise<MoveResult> {
  return withAttempts(apply, move, () => moveFromJournal(apply, move))
}

/** Moves a queue from where the journal says that it stands. */
async function moveFromJournal(apply: ApplyRun, move: QueueMove): Promise<MoveResult> {
  const run = await beginMove(apply, move)
  await fillHolding(run, move)
  await switchOver(run, { from: run.entry.holding, to: move.to.name }, () => kept(run, move))
  await apply.journalOf(run.vhost).remove(move.from.name)
  const { moved, duplicatesAtLeast, duplicatesAtMost, lost, cancelledConsumers, expirations } = run.entry.tally
  return {
    moved,
    // Programs may have published a message twice themselves.
    duplicates: { atLeast: Math.min(duplicatesAtLeast, duplicatesAtMost), atMost: duplicatesAtMost },
    lost,
    cancelledConsumers,
    expirations,
  }
}

/** Brings it so far that the new queue is there, and the old one is not. */
async function fillHolding(run: MoveRun, move: QueueMove): Promise<void> {
  const { client } = run
  const { to } = move
  const renamed = to.name !== move.from.name
  const live = await readQueue(client, run.vhost, to.name)
  if (run.entry.step === 'empty' && isAs(live, to)) return
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if (run.entry.step === 'empty') await run.write({ step: 'fill' })
    await emptyOld(run, move)
    run.progress(`declaring ${run.at(to.name)}`)
    // At once: a message to the queue's own name finds none meanwhile, and a client may declare the old one again.
    if (await declareQueue(client, to)) return run.write({ step: 'empty' })
    if (renamed) break
  }
  throw renamed
    ? new WarrenError(`${run.at(to.name)} exists already, and is not as declared`, {
        exitCode: ExitCode.blocked,
        hint: `move its messages to where they belong, and delete it; those of ${run.at(move.from.name)} wait in ${run.at(run.entry.holding)}`,
      })
    : new MoveStoppedError(
        `a program declares ${run.at(to.name)} as it was before, each time that it is deleted`,
        'stop that program, or let it declare the queue as it is declared now, and run it again: it goes on from here',
      )
}

async function emptyOld(run: MoveRun, move: QueueMove): Promise<void> {
  const { client } = run
  const { from, holding } = run.entry
  if (move.to.role?.kind === 'delay') return emptyDelayQueue(run, move.to)
  const live = await readQueue(client, run.vhost, from)
  // A run that was killed right after it had declared the new queue.
  if (move.to.name === from && isAs(live, move.to)) return
  if (!(await declareHoldingQueue(client, { vhost: run.vhost, name: from }))) {
    throw new WarrenError(`${run.at(holding)} exists already, and is no holding queue`, {
      exitCode: ExitCode.blocked,
      hint: 'move its messages to where they belong, and delete it',
    })
  }
  await switchOver(
    run,
    { from, to: holding },
    () => kept(run, move),
    async (found) => {
      const bindings = unionOf(run.entry.bindings, found)
      if (bindings.length > run.entry.bindings.length) await run.write({ bindings })
    },
  )
}

/** The bindings that are to come back; a declared one stands for those whose slot it takes. */
function kept(run: MoveRun, { to, bindsAs = [] }: QueueMove): readonly MovedBinding[] {
  const { bindings, from } = run.entry
  const isKept = (each: MovedBinding) =>
    !run.apply.dropped.has(addressOf('binding', bindingTo(toQueue(run.vhost, from), each)))
  const kept = bindings.filter(isKept).map((each) => bindingTo(toQueue(run.vhost, to.name), each))
  return withDeclaredSlots(kept, bindsAs).map(movedBinding)
}
