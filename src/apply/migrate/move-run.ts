import type { ManagementClient } from '../../broker/management/client.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { MOVE_WINDOW } from '../../broker/amqp/moving/move-messages.ts'
import { address } from '../../model/address.ts'
import type { MoveTally, UnfinishedMove } from '../../broker/records/move-journal.ts'
import type { ApplyRun } from '../apply-run.ts'
import { MoveStoppedError } from './queue-move.ts'

/** One run of a move: its position, in the journal and in memory, and its counters. */
export class MoveRun {
  readonly apply: ApplyRun
  readonly client: ManagementClient
  readonly amqp: Amqp
  readonly vhost: string
  /** How often each `messageId` has left the old queue, and has arrived in the holding queue. */
  readonly #left = new Map<string, number>()
  readonly #arrived = new Map<string, number>()
  /** The number of next arrivals to compare with messages that have left. */
  #toCompare = 0
  #entry: UnfinishedMove
  #isResumed = false

  constructor(apply: ApplyRun, vhost: string, entry: UnfinishedMove) {
    this.apply = apply
    this.client = apply.client
    this.amqp = apply.requireAmqp()
    this.vhost = vhost
    this.#entry = entry
  }

  get entry(): UnfinishedMove {
    return this.#entry
  }

  /** Changes the entry, and writes it before any other step. */
  async write(change: Partial<Omit<UnfinishedMove, 'overlapFrom'>> & { overlapFrom?: number | undefined }) {
    const { overlapFrom, ...rest } = { ...this.#entry, ...change }
    this.#entry = { ...rest, ...(overlapFrom !== undefined && { overlapFrom }) }
    await this.apply.journalOf(this.vhost).put(this.#entry)
  }

  /** Adds to a counter; the next `write` saves it in the journal. */
  count(more: Partial<MoveTally>): void {
    const tally = Object.fromEntries(
      Object.entries(this.#entry.tally).map(([key, value]) => [key, value + (more[key as keyof MoveTally] ?? 0)]),
    )
    this.#entry = { ...this.#entry, tally: { ...this.#entry.tally, ...tally } }
  }

  /** Records which messages were moved, to detect duplicates. */
  sawLeave(messageId: string | undefined): void {
    add(this.#left, messageId)
  }

  /**
   * Compares the messages that were in the holding queue before the new queue had any with the moved ones. Later
   * messages may have failed in the new queue and returned.
   */
  compareNext(count: number): void {
    this.#toCompare = count
  }

  /** A message that left the old queue once and is twice in the holding queue was also routed there directly. */
  sawArrive(messageId: string | undefined): void {
    if (this.#toCompare === 0) return
    this.#toCompare -= 1
    add(this.#arrived, messageId)
    if (messageId === undefined) return
    const left = this.#left.get(messageId)
    if (left !== undefined && (this.#arrived.get(messageId) ?? 0) > left) this.count({ duplicatesAtLeast: 1 })
  }

  progress(text: string): void {
    this.apply.progress(text)
  }

  at(queue: string): string {
    return address('queue', this.vhost, queue)
  }

  /** @throws {MoveStoppedError} when the run has to stop */
  checkpoint(): void {
    if (this.apply.signal?.aborted) throw interruptedMove(this.at(this.#entry.from))
  }

  /** Whether an earlier run was interrupted; it may have been killed while it declared a queue. */
  get isResumed(): boolean {
    return this.#isResumed
  }

  /** An interrupted run may have left messages in both queues. */
  countCutShort(): void {
    this.#isResumed = true
    this.count({ duplicatesAtMost: MOVE_WINDOW })
  }
}

/** @param queue its address */
export function interruptedMove(queue: string): MoveStoppedError {
  return new MoveStoppedError(
    `moving the messages of ${queue} was interrupted`,
    'no message is lost; run the command again to continue',
    'INTERRUPTED',
  )
}

function add(counts: Map<string, number>, key: string | undefined): void {
  if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
}
