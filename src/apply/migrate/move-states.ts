import { countReady, countRouted } from '../../broker/amqp/count-ready.ts'
import type { MovedBinding } from '../../broker/records/move-journal.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { addressOf } from '../../model/address.ts'
import { withDeclaredSlots } from '../../model/binding-slot.ts'
import type { Queue } from '../../model/topology.ts'
import { delayOf, drainsByItself } from '../../plan/compare/drains-by-itself.ts'
import { bindAll, bindingTo, movedBinding, readMovedBindings, toQueue, unbindAll, unionOf } from '../bindings.ts'
import { checkMove } from './check-move.ts'
import { drain, drainAhead, fedAgain, type Pair, runOut } from './drain.ts'
import type { MoveRun } from './move-run.ts'
import { untilRouted } from '../replace/until-routed.ts'
import { deleteHalfDeclared } from './half-declared.ts'
import { declareHoldingQueue, declareQueue, deleteEmptyQueue, isAs, readQueue } from './one-queue.ts'
import { MoveStoppedError, type QueueMove } from './queue-move.ts'

/**
 * A migration has two halves, as named in the journal. In `fill`, the holding queue replaces the old queue. In
 * `empty`, the new queue replaces the holding queue. Both go through the states from `look` to `delete`. At every
 * moment at least one of the two queues is bound, so no message is lost, but a few may arrive twice.
 */
export type Half = 'fill' | 'empty'

/**
 * The states of a migration. `next` leads from one state to the next. `stateOf` decides where a run continues after a
 * killed one. Only the journal is durable: each state describes the content of the journal during that state, and can
 * be entered again from the start.
 */
export type MoveState =
  /**
   * Nothing has changed. Checks under the name of the holding queue whether the broker accepts the new definition.
   *
   * Journal: nothing, or `check` once that queue may exist. Then: `look` in the half `fill`. Killed: `check` again.
   */
  | { readonly at: 'check'; readonly again: boolean }
  /**
   * An earlier run was killed in the half `empty`. A client may have declared the old queue again since then.
   *
   * Journal: `empty`. Then: `look` in the half `empty` if the new queue is as declared, otherwise in the half `fill`.
   * Killed: here.
   */
  | { readonly at: 'resume' }
  /**
   * Looks for the queue that is to be deleted, and chooses the next state. If that queue does not exist, binds the
   * other one. A half also restarts here if its queue was bound or got messages at the last moment.
   *
   * Journal: its half, and in `fill` all bindings that the old queue had. Then: any state of this half, or `declare`,
   * or `finish`. Killed: `look` in the half `fill`, or `resume`.
   */
  | { readonly at: 'look'; readonly half: Half }
  /**
   * Only the queue that will be deleted is bound. Its messages are moved first, so that they come before new ones.
   *
   * Journal: its half. Then: `overlap`. Killed: `look`, which returns to this state.
   */
  | { readonly at: 'ahead'; readonly half: Half; readonly old: Queue }
  /**
   * Both queues are bound, then only the one that is kept. Messages that were routed meanwhile may be in both, and are
   * counted.
   *
   * Journal: its half with `overlapFrom`. Then: `drain`. Killed: `look`, which returns to this state.
   */
  | { readonly at: 'overlap'; readonly half: Half; readonly old: Queue }
  /**
   * Unbinds a delay queue. Workers use another delay meanwhile, or keep their messages. No holding queue is bound in
   * its place, because it would never return its messages.
   *
   * Journal: `fill`. Then: `run-out` if its messages expire soon, otherwise `drain`. Killed: `look`, which returns to
   * this state.
   */
  | { readonly at: 'unbind'; readonly old: Queue }
  /** Waits until an unbound delay queue is empty. Journal: `fill`. Then: `delete`. Killed: `look`. */
  | { readonly at: 'run-out'; readonly old: Queue; readonly since: number }
  /**
   * Only the queue that is kept is bound. The rest of the messages follows.
   *
   * Journal: its half. Then: `delete`. Killed: `look`, which returns to this state.
   */
  | { readonly at: 'drain'; readonly half: Half; readonly old: Queue; readonly since: number }
  /**
   * The queue to delete is empty, and is deleted, unless it was bound or got a message at the last moment.
   *
   * Journal: its half. Then: `look` again, or `declare`, or `finish`. Killed: `look`, which finds the queue or not.
   */
  | { readonly at: 'delete'; readonly half: Half; readonly old: Queue }
  /**
   * The old queue is deleted, and the new one is declared at once. In between, a message to the queue's own name finds
   * no queue. A client may have declared the old queue again.
   *
   * Journal: `fill`, then `empty`. Then: `look` in the half `empty` or `fill`. Killed: `look` in the half
   * `fill`, which returns to this state. A queue that is recreated with its bindings in the journal (`recreate-queue.ts`) is in this state
   * without a holding queue.
   */
  | { readonly at: 'declare' }
  /** The new queue has everything. Journal: `empty`, then nothing. Then: `done`. Killed: `resume`, or there is nothing to do. */
  | { readonly at: 'finish' }
  /** Journal: nothing. */
  | { readonly at: 'done' }

/** How often a half checks again, or the new queue is declared, before the error blames a program. */
const ATTEMPTS = 5

/** A migration within this run. */
export interface Migration {
  readonly run: MoveRun
  readonly move: QueueMove
  /** For one half and for the whole migration; they are counted in memory, and each run starts at zero. */
  readonly attempts: { looks: number; declarations: number }
}

/** The state in which a run continues, given the step in the journal. */
export function stateOf(step: Half): MoveState {
  return step === 'empty' ? { at: 'resume' } : { at: 'look', half: 'fill' }
}

/**
 * Performs the work of a state.
 *
 * @returns the next state
 * @throws {WarrenError} naming the obstacle; the next run continues from the journal
 */
export async function next(migration: Migration, state: Exclude<MoveState, { at: 'done' }>): Promise<MoveState> {
  const { run, move } = migration
  switch (state.at) {
    case 'check':
      await checkMove(run, move, state.again)
      return { at: 'look', half: 'fill' }
    case 'resume':
      if (isAs(await readQueue(run.client, run.vhost, move.to.name), move.to)) return { at: 'look', half: 'empty' }
      await run.write({ step: 'fill' })
      return { at: 'look', half: 'fill' }
    case 'look':
      return look(migration, state.half)
    case 'ahead':
      return goAhead(migration, state)
    case 'overlap':
      return overlap(migration, state)
    case 'unbind':
      return unbindDelay(migration, state.old)
    case 'run-out':
      await runOut(run, state.old.name, delayOf(state.old) ?? 0, state.since)
      return { at: 'delete', half: 'fill', old: state.old }
    case 'drain':
      await drain(run, { ...pairOf(migration, state.half), type: state.old.type }, state.since)
      return { at: 'delete', half: state.half, old: state.old }
    case 'delete':
      return deleteOld(migration, state)
    case 'declare':
      return declareNew(migration)
    case 'finish':
      await run.apply.journalOf(run.vhost).remove(run.entry.from)
      return { at: 'done' }
  }
}

async function look(migration: Migration, half: Half): Promise<MoveState> {
  const { run, move, attempts } = migration
  const { client, vhost } = run
  const { from, to } = pairOf(migration, half)
  const old = await readQueue(client, vhost, from)
  // An earlier run was killed right after it declared the new queue.
  if (half === 'fill' && move.to.name === from && isAs(old, move.to)) return after(migration, half)
  const isDelay = half === 'fill' && move.to.role?.kind === 'delay'
  if (half === 'fill' && !isDelay) await requireHoldingQueue(run)
  if (old === undefined) {
    if (!isDelay) await bindAll(client, toQueue(vhost, to), kept(migration))
    return after(migration, half)
  }
  attempts.looks += 1
  if (attempts.looks > ATTEMPTS) throw fedAgain(run, from)
  const bindings = await readMovedBindings(client, toQueue(vhost, from))
  if (half === 'fill') await inherit(run, bindings)
  if (isDelay) return { at: 'unbind', old }
  if (run.entry.overlapFrom !== undefined) return { at: 'overlap', half, old }
  if (bindings.length > 0) return { at: 'ahead', half, old }
  await bindAll(client, toQueue(vhost, to), kept(migration))
  return { at: 'drain', half, old, since: performance.now() }
}

type InHalf<At extends MoveState['at']> = Extract<MoveState, { readonly at: At }>

async function goAhead(migration: Migration, { half, old }: InHalf<'ahead'>): Promise<MoveState> {
  const { run } = migration
  const pair = { ...pairOf(migration, half), type: old.type }
  run.progress(`moving the messages of ${run.at(pair.from)} to ${run.at(pair.to)}`)
  if (half === 'empty') run.compareNext(await held(run))
  await drainAhead(run, pair)
  // Only the holding queue has no consumers, so its new messages can be counted.
  await run.write({ overlapFrom: await held(run) })
  return { at: 'overlap', half, old }
}

async function overlap(migration: Migration, { half, old }: InHalf<'overlap'>): Promise<MoveState> {
  const { run } = migration
  const { from, to } = pairOf(migration, half)
  const bindings = kept(migration)
  run.progress(
    `binding ${run.at(to)} like ${run.at(from)} (${bindings.length} ${bindings.length === 1 ? 'binding' : 'bindings'})`,
  )
  await bindAll(run.client, toQueue(run.vhost, to), bindings)
  await unbindAll(run.client, toQueue(run.vhost, from))
  const since = performance.now()
  await untilRouted(run.client, since)
  const routed = await countRouted(run.amqp, run.vhost, run.entry.holding)
  if (routed !== 'missing') run.count({ duplicatesAtMost: Math.max(0, routed - (run.entry.overlapFrom ?? 0)) })
  await run.write({ overlapFrom: undefined })
  run.progress(`moving the rest of ${run.at(from)} to ${run.at(to)}`)
  return { at: 'drain', half, old, since }
}

async function unbindDelay({ run, move }: Migration, old: Queue): Promise<MoveState> {
  const { from, holding } = run.entry
  await unbindAll(run.client, toQueue(run.vhost, from))
  const since = performance.now()
  if (drainsByItself(old, move.to)) {
    run.progress(`waiting until ${run.at(from)} is empty`)
    return { at: 'run-out', old, since }
  }
  // If the new delay is longer, the messages wait in the holding queue, and then for their full delay again.
  run.progress(`moving the messages of ${run.at(from)} to ${run.at(holding)}`)
  await requireHoldingQueue(run)
  return { at: 'drain', half: 'fill', old, since }
}

async function deleteOld(migration: Migration, { half, old }: InHalf<'delete'>): Promise<MoveState> {
  const { run } = migration
  // A program may have bound the queue meanwhile.
  if ((await readMovedBindings(run.client, toQueue(run.vhost, old.name))).length > 0) return { at: 'look', half }
  run.checkpoint()
  const deletion = await deleteEmptyQueue(run.client, run.amqp, old)
  if (deletion === 'not-empty') return { at: 'look', half }
  run.count({ lost: deletion.lost, ...(half === 'fill' && { cancelledConsumers: deletion.consumers }) })
  return after(migration, half)
}

async function declareNew({ run, move: { from, to }, attempts }: Migration): Promise<MoveState> {
  run.progress(`declaring ${run.at(to.name)}`)
  if (run.isResumed) await deleteHalfDeclared(run, to.name)
  if (await declareQueue(run.client, run.amqp, to)) {
    await run.write({ step: 'empty' })
    return { at: 'look', half: 'empty' }
  }
  if (to.name !== from.name) {
    throw new WarrenError(`${run.at(to.name)} exists already, and is not as declared`, {
      code: 'MIGRATION_STOPPED',
      hint: `move its messages to another queue, and delete it; those of ${run.at(from.name)} wait in ${run.at(run.entry.holding)}`,
    })
  }
  attempts.declarations += 1
  if (attempts.declarations < ATTEMPTS) return { at: 'look', half: 'fill' }
  throw new MoveStoppedError(
    `a program declares ${run.at(to.name)} with its old arguments each time that warren deletes it`,
    'stop that program, or let it declare the queue as it is declared now, and run the command again: it continues from here',
  )
}

/** The state after a half. */
function after({ attempts }: Migration, half: Half): MoveState {
  attempts.looks = 0
  return half === 'fill' ? { at: 'declare' } : { at: 'finish' }
}

/** The queue to delete, and its replacement. */
function pairOf({ run: { entry }, move: { to } }: Migration, half: Half): Omit<Pair, 'type'> {
  return half === 'fill' ? { from: entry.from, to: entry.holding } : { from: entry.holding, to: to.name }
}

async function inherit(run: MoveRun, found: readonly MovedBinding[]): Promise<void> {
  const bindings = unionOf(run.entry.bindings, found)
  if (bindings.length > run.entry.bindings.length) await run.write({ bindings })
}

/** The bindings to recreate. A declared binding replaces the bindings in its slot. */
function kept({ run, move: { to, bindsAs = [] } }: Migration): readonly MovedBinding[] {
  const { bindings, from } = run.entry
  const isKept = (each: MovedBinding) =>
    !run.apply.dropped.has(addressOf('binding', bindingTo(toQueue(run.vhost, from), each)))
  const found = bindings.filter(isKept).map((each) => bindingTo(toQueue(run.vhost, to.name), each))
  return withDeclaredSlots(found, bindsAs).map(movedBinding)
}

async function requireHoldingQueue(run: MoveRun): Promise<void> {
  if (run.isResumed) await deleteHalfDeclared(run, run.entry.holding)
  if (await declareHoldingQueue(run.client, run.amqp, { vhost: run.vhost, name: run.entry.from })) return
  throw new WarrenError(`${run.at(run.entry.holding)} exists already, and is not a holding queue`, {
    code: 'MIGRATION_STOPPED',
    hint: 'move its messages to another queue, and delete it',
  })
}

/** The number of messages in the holding queue. */
async function held({ amqp, vhost, entry }: MoveRun): Promise<number> {
  const ready = await countReady(amqp, vhost, entry.holding)
  return ready === 'missing' ? 0 : ready.messages
}
