import type { SlotBinding } from '../../model/binding-slot.ts'
import type { Queue } from '../../model/topology.ts'
import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** A queue that is replaced or renamed together with all its messages. */
export interface QueueMove {
  /** The live queue that the plan was made from. */
  readonly from: Queue
  /** The declared queue. */
  readonly to: Queue
  /** Declared bindings that replace the old queue's bindings in the same slots, regardless of the weights. */
  readonly bindsAs?: readonly SlotBinding[]
  /** The numbers that the plan named. If a move finds more, it does not start. */
  readonly limits?: { readonly consumers?: number; readonly bindings?: number }
}

/** The result of a move, including its earlier runs. */
export interface MoveResult {
  /** Messages that were moved to the new queue, without those that consumers received meanwhile. */
  readonly moved: number
  readonly duplicates: {
    /** Messages that were seen twice, by `messageId`. */
    readonly atLeast: number
    /** Messages that arrived while two queues were bound, and those in transit in interrupted runs. */
    readonly atMost: number
  }
  /** Messages that the broker deleted with a queue, because they arrived after the final check. */
  readonly lost: number
  /** Consumers of the old queue when it was deleted, which the broker cancelled. */
  readonly cancelledConsumers: number
  /** Messages that have lost their own `expiration`. */
  readonly expirations: number
}

/** A migration cannot continue now. Every message is kept, and the next apply continues it. */
export class MoveStoppedError extends WarrenError {
  override readonly name = 'MoveStoppedError'

  constructor(message: string, hint: string, code: ErrorCode = 'MIGRATION_STOPPED') {
    super(message, { code, hint })
  }
}
