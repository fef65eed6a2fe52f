import type { ManagementClient } from '../../broker/management/client.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import type { SlotBinding } from '../../model/binding-slot.ts'
import type { Queue } from '../../model/topology.ts'
import type { JournalOnBroker } from './journal-on-broker.ts'

/** What all moves of a run have in common. */
export interface MoveContext {
  readonly client: ManagementClient
  readonly amqp: Amqp
  readonly journal: JournalOnBroker
  /** When aborted, it stops at the next safe point; the next run goes on from there. */
  readonly signal?: AbortSignal
  /** Told what is done at the moment, in one short sentence without secrets. */
  readonly onProgress?: (text: string) => void
  /** How long unacknowledged messages and held dead letters are waited for, in milliseconds. Default 60,000. */
  readonly patience?: number
}

/** A queue that is replaced, or becomes one of another name, with all its messages. */
export interface QueueMove {
  /** The live queue as it was planned from. */
  readonly from: Queue
  /** The declared queue. */
  readonly to: Queue
  /** Addresses of bindings that the new queue does not get, since the same plan deletes them. */
  readonly dropBindings?: ReadonlySet<string>
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
