import { countReady } from '../../broker/amqp/count-ready.ts'
import { MOVE_WINDOW, moveMessages } from '../../broker/amqp/moving/move-messages.ts'
import type { Moved } from '../../broker/amqp/moving/move-messages.ts'
import { waitUntilEmpty, whatIsLeft } from '../counting/wait-until-empty.ts'
import type { QueueCount, Uncounted } from '../counting/count-queues.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './move-stopped-error.ts'
import { requireRoom } from './require-room.ts'

/** How often what comes while a queue is still fed is moved after the rest. */
const AHEAD_ROUNDS = 3

/** Two queues, in one step of a move. */
export interface Pair {
  readonly from: string
  readonly to: string
}

/**
 * Moves what is there while the queue is still fed, so that old messages come before new ones. With a fast producer that
 * never ends, so it is done a few times only.
 */
export async function drainAhead(run: MoveRun, { from, to }: Pair): Promise<void> {
  for (let round = 0; round < AHEAD_ROUNDS; round += 1) {
    const ready = await countReady(run.amqp, run.vhost, from)
    if (ready === 'missing' || ready.messages === 0) return
    await moveOnce(run, { from, to }, ready.messages)
    if (ready.messages <= MOVE_WINDOW) return
  }
}

/**
 * Moves messages until there is none in a queue for sure, unacknowledged and held ones included.
 *
 * @param since when the last binding that could feed it was removed, by `performance.now()`
 * @throws {MoveStoppedError} when something stays in it
 */
export async function drain(run: MoveRun, { from, to }: Pair, since: number): Promise<void> {
  const { waitLimit } = run.apply
  let end = performance.now() + waitLimit
  for (;;) {
    const { moved } = await moveOnce(run, { from, to })
    if (moved > 0) end = performance.now() + waitLimit
    const { amqp, client } = run
    const left = await whatIsLeft({ amqp, client, vhost: run.vhost, queue: from, since })
    if (typeof left === 'string') return
    run.checkpoint()
    if (performance.now() > end) throw stuck(run, from, left)
    if (moved === 0) run.progress(waitingFor(run.at(from), left))
  }
}

/** Waits until a delay queue that gets nothing more has run out by itself. */
export async function runOut(run: MoveRun, queue: string, ttl: number, since: number): Promise<void> {
  const { amqp, client } = run
  const { signal, waitLimit } = run.apply
  const left = await waitUntilEmpty({ amqp, client, vhost: run.vhost, queue, since }, ttl + waitLimit, signal)
  run.checkpoint()
  if (typeof left !== 'string') throw stuck(run, queue, left)
}

async function moveOnce(run: MoveRun, { from, to }: Pair, atMost?: number): Promise<Moved> {
  const { signal } = run.apply
  const { holding } = run.entry
  await requireRoom(run, from, to)
  const result = await moveMessages(run.amqp, {
    vhost: run.vhost,
    from,
    to,
    ...(atMost !== undefined && { atMost }),
    ...(signal && { signal }),
    onMoved: (messageId) => (to === holding ? run.sawLeave(messageId) : run.sawArrive(messageId)),
    onProgress: (text) => run.progress(text),
  })
  const { moved, expirations, because } = result
  run.count({ expirations, ...(to !== holding && { moved }) })
  run.checkpoint()
  if (because === 'not-served') {
    throw new MoveStoppedError(
      `the broker gives the messages of ${run.at(from)} to a consumer that has it for itself`,
      'stop its consumers (single active consumer), and run it again: it goes on from here',
    )
  }
  return result
}

function waitingFor(where: string, left: QueueCount | Uncounted): string {
  if ('uncounted' in left) return `waiting until the messages of ${where} can be counted: ${left.uncounted}`
  return `waiting for ${left.messages} messages of ${where}: ${whatTheyAre(left)}`
}

function stuck(run: MoveRun, queue: string, left: QueueCount | Uncounted): MoveStoppedError {
  const where = run.at(queue)
  if ('uncounted' in left) {
    return new MoveStoppedError(
      `nobody can tell whether ${where} is empty: ${left.uncounted}`,
      'see that its leader runs and a majority of its members is online, and run it again: it goes on from here',
    )
  }
  if (left.messages === 0) {
    return new MoveStoppedError(
      `the management API does not count the messages of ${where}, so that nobody can tell whether it is empty`,
      'switch its metrics on (management_agent.disable_metrics_collector), and run it again: it goes on from here',
    )
  }
  const hint =
    left.held > 0
      ? 'see that its dead letters find a queue: the exchange is there, a binding leads on, and the queue is not full; then run it again'
      : 'stop the consumers that hold them, and run it again: it goes on from here'
  return new MoveStoppedError(`${left.messages} messages of ${where} cannot be moved: ${whatTheyAre(left)}`, hint)
}

function whatTheyAre({ messages, held }: QueueCount): string {
  const heldBack = `${held} dead letters that cannot be delivered, or messages that wait for a delayed retry`
  if (held === 0) return 'consumers have them and did not acknowledge them'
  return held === messages ? heldBack : `${heldBack}, and ${messages - held} that consumers have`
}
