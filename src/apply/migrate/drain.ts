import { setTimeout as sleep } from 'node:timers/promises'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { MOVE_WINDOW, moveMessages } from '../../broker/amqp/moving/move-messages.ts'
import type { Moved } from '../../broker/amqp/moving/move-messages.ts'
import { waitUntilEmpty, whatIsLeft } from '../counting/wait-until-empty.ts'
import type { QueueCount, Uncounted } from '../counting/count-queues.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './queue-move.ts'
import { requireRoom } from './require-room.ts'
import type { Queue } from '../../model/topology.ts'

/** How many times messages that arrive while a queue still has bindings are moved. */
const AHEAD_ROUNDS = 3

/** Two queues, in one step of a move. */
export interface Pair {
  readonly from: string
  readonly to: string
  /** The type of `from`. */
  readonly type: Queue['type']
}

/**
 * Moves the ready messages while the queue still receives new ones, so that old messages come before new ones. With a
 * fast producer this would never end, so it runs only a few times.
 */
export async function drainAhead(run: MoveRun, pair: Pair): Promise<void> {
  const { from } = pair
  for (let round = 0; round < AHEAD_ROUNDS; round += 1) {
    const ready = await countReady(run.amqp, run.vhost, from)
    if (ready === 'missing' || ready.messages === 0) return
    await moveOnce(run, pair, ready.messages)
    if (ready.messages <= MOVE_WINDOW) return
  }
}

/**
 * Moves messages until a queue is certainly empty, including unacknowledged and held ones. It works in rounds. Each
 * moves as many messages as were ready at its start.
 *
 * @param since when the last binding to it was removed, by `performance.now()`
 * @throws {MoveStoppedError} when messages remain, or programs publish directly to the queue as fast as it is emptied
 */
export async function drain(run: MoveRun, pair: Pair, since: number): Promise<void> {
  const { amqp, client, vhost } = run
  const { from } = pair
  const rounds = new DrainRounds(run.apply.waitLimit)
  for (;;) {
    const ready = await countReady(amqp, vhost, from)
    const atStart = ready === 'missing' ? 0 : ready.messages
    const moved = atStart === 0 ? 0 : (await moveOnce(run, pair, atStart)).moved
    const left = await whatIsLeft({ amqp, client, vhost, queue: from, since })
    if (typeof left === 'string') return
    run.checkpoint()
    switch (rounds.after(moved, 'uncounted' in left ? undefined : left.messages)) {
      case 'fed':
        throw fedAgain(run, from)
      case 'stuck':
        throw stuck(run, from, left)
      case 'wait':
        run.progress(waitingFor(run.at(from), left))
        await sleep(PAUSE)
        break
      case 'refilled':
        run.progress(`${newMessages(left)} arrived in ${run.at(from)} meanwhile: moving them too`)
        break
      case 'shrinks':
    }
  }
}

/** The pause between two checks of messages that cannot be moved, in milliseconds. */
const PAUSE = 250
/** The maximum number of consecutive rounds that move messages without reducing their number. */
const FED_ROUNDS = 10

/** Decides after each round of a drain whether another one is useful. */
export class DrainRounds {
  readonly #waitLimit: number
  readonly #now: () => number
  /** The lowest number of messages that any round has left. */
  #least = Infinity
  /** Rounds since then that moved messages without reducing the number. */
  #fed = 0
  #end: number

  /** @param waitLimit how long rounds may have nothing to move while messages remain, in milliseconds */
  constructor(waitLimit: number, now = () => performance.now()) {
    this.#waitLimit = waitLimit
    this.#now = now
    this.#end = now() + waitLimit
  }

  /**
   * @param moved how many messages the round has moved
   * @param left how many remain in the queue; undefined if they could not be counted
   * @returns `fed` when new messages arrive as fast as they are moved, `stuck` when the remaining ones cannot be moved
   */
  after(moved: number, left: number | undefined): 'shrinks' | 'refilled' | 'wait' | 'fed' | 'stuck' {
    if (left !== undefined && left < this.#least) {
      this.#least = left
      this.#fed = 0
      this.#end = this.#now() + this.#waitLimit
      return moved > 0 ? 'shrinks' : 'wait'
    }
    if (left !== undefined && moved > 0) {
      this.#fed += 1
      return this.#fed === FED_ROUNDS ? 'fed' : 'refilled'
    }
    return this.#now() > this.#end ? 'stuck' : 'wait'
  }
}

/** Waits until all messages of an unbound delay queue have expired. */
export async function runOut(run: MoveRun, queue: string, ttl: number, since: number): Promise<void> {
  const { amqp, client } = run
  const { signal, waitLimit } = run.apply
  const left = await waitUntilEmpty({ amqp, client, vhost: run.vhost, queue, since }, ttl + waitLimit, signal)
  run.checkpoint()
  if (typeof left !== 'string') throw stuck(run, queue, left)
}

async function moveOnce(run: MoveRun, { from, to, type }: Pair, atMost?: number): Promise<Moved> {
  const { signal } = run.apply
  const { holding } = run.entry
  await requireRoom(run, from, to)
  const result = await moveMessages(run.amqp, {
    vhost: run.vhost,
    from,
    to,
    ...((type === 'classic' || type === 'quorum') && { type }),
    isSingleNode: await run.apply.isSingleNode(),
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
      `the broker delivers the messages of ${run.at(from)} to one consumer only`,
      'stop its consumers (single active consumer), and run the command again: it continues from here',
    )
  }
  return result
}

/** Programs publish directly to the queue, or bind it, as often as it is emptied. */
export function fedAgain(run: MoveRun, queue: string): MoveStoppedError {
  return new MoveStoppedError(
    `${run.at(queue)} keeps getting new messages`,
    'stop the programs that publish to it by name through the default exchange, or that bind it, and run the command again: it continues from here',
  )
}

function newMessages(left: QueueCount | Uncounted): string {
  const messages = 'uncounted' in left ? 0 : left.messages
  return messages === 1 ? '1 message' : `${messages} messages`
}

function waitingFor(where: string, left: QueueCount | Uncounted): string {
  if ('uncounted' in left) return `waiting until the messages of ${where} can be counted: ${left.uncounted}`
  return `waiting for ${left.messages} messages of ${where}: ${whatTheyAre(left)}`
}

function stuck(run: MoveRun, queue: string, left: QueueCount | Uncounted): MoveStoppedError {
  const where = run.at(queue)
  if ('uncounted' in left) {
    return new MoveStoppedError(
      `warren cannot check whether ${where} is empty: ${left.uncounted}`,
      'make sure that its leader runs and the majority of its members is online, and run the command again: it continues from here',
    )
  }
  if (left.messages === 0) {
    return new MoveStoppedError(
      `the management API does not count the messages of ${where}, so warren cannot check whether it is empty`,
      'switch its metrics on (management_agent.disable_metrics_collector), and run the command again: it continues from here',
    )
  }
  const hint =
    left.held > 0
      ? 'make sure that its dead letters reach a queue: the exchange exists and has a binding, and the queue behind it is not full; then run the command again'
      : 'stop the consumers that hold them, and run the command again: it continues from here'
  return new MoveStoppedError(`${left.messages} messages of ${where} cannot be moved: ${whatTheyAre(left)}`, hint)
}

function whatTheyAre({ messages, held }: QueueCount): string {
  const heldBack = `${held} dead letters that cannot be delivered, or messages that wait for a delayed retry`
  if (held === 0) return 'consumers hold them unacknowledged'
  return held === messages ? heldBack : `${heldBack}, and ${messages - held} that consumers have`
}
