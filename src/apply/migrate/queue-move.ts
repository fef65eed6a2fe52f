import type { SlotBinding } from '../../model/binding-slot.ts'
import type { Queue } from '../../model/topology.ts'
import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** A queue that is replaced, or becomes one of another name, with all its messages. */
export interface QueueMove {
  /** The live queue as it was planned from. */
  readonly from: Queue
  /** The declared queue. */
  readonly to: Queue
  /** Declared bindings that take the slots of those that the old queue has, whatever weight these had. */
  readonly bindsAs?: readonly SlotBinding[]
  /** What the plan has named; a move that finds more is not begun. */
  readonly limits?: { readonly consumers?: number; readonly bindings?: number }
}

/** What came of a move, earlier runs of it included. */
export interface MoveResult {
  /** Messages that were moved to the new queue. What consumers took meanwhile is not among them. */
  readonly moved: number
  readonly duplicates: {
    /** Seen twice, by their `messageId`. */
    readonly atLeast: number
    /** What came while two queues were bound, and what was under way in runs that were cut short. */
    readonly atMost: number
  }
  /** Messages that the broker deleted with a queue: they came after it was found empty. */
  readonly lost: number
  /** Consumers of the old queue when it was deleted, which the broker cancelled. */
  readonly cancelledConsumers: number
  /** Messages whose own `expiration` is gone. */
  readonly expirations: number
}

/** A migration cannot continue for the moment. Every message is kept, and the next apply continues it. */
export class MoveStoppedError extends WarrenError {
  override readonly name = 'MoveStoppedError'

  constructor(message: string, hint: string, code: ErrorCode = 'MIGRATION_STOPPED') {
    super(message, { code, hint })
  }
}
