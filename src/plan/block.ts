import type { Location } from '../diagnostics/location.ts'
import type { Unsupported } from './broker-support/abilities.ts'
import type { AffectedObject, FixedKind, Impact } from './change.ts'
import type { HoldingProblem } from './migration/holding-problem.ts'
import type { CapturedLoss } from './note.ts'

/**
 * Why a change, or the whole plan, cannot be executed. `address` is that of the object, or the option that is
 * affected.
 */
export type Block =
  | {
      readonly reason: 'needs-replacement'
      readonly address: string
      readonly kind: FixedKind
      readonly properties: readonly string[]
      readonly impact?: Impact
      /** The queue whose failed messages it holds. It is migrated together with that queue. */
      readonly migratedWith?: string
      /** Policy keys that could have the whole effect without a replacement. */
      readonly byPolicy?: readonly string[]
    }
  | { readonly reason: 'external-missing'; readonly address: string }
  | { readonly reason: 'own-login'; readonly address: string }
  | { readonly reason: 'untouchable'; readonly address: string }
  | { readonly reason: 'unsupported'; readonly address: string; readonly what: Unsupported }
  | { readonly reason: 'not-owned'; readonly address: string }
  | { readonly reason: 'foreign-owner'; readonly address: string; readonly project: string }
  /** The owner has an unfinished run or migration, so its objects cannot be taken over yet. */
  | { readonly reason: 'hand-over-unfinished'; readonly address: string; readonly project: string }
  /** Taking over needs the locks of both projects. */
  | {
      readonly reason: 'hand-over-unlocked'
      readonly address: string
      readonly project: string
      readonly because: string
    }
  | { readonly reason: 'protected'; readonly address: string; readonly action: 'delete' | 'replace' | 'rename' }
  | { readonly reason: 'adopted'; readonly address: string }
  | { readonly reason: 'data-loss'; readonly address: string; readonly impact: Impact }
  | { readonly reason: 'uncounted'; readonly address: string; readonly because: string; readonly lacks?: UncountedFor }
  /** Of a virtual host: the first of its queues that cannot be counted. */
  | { readonly reason: 'queue-uncounted'; readonly address: string; readonly queue: string; readonly because: string }
  | { readonly reason: 'rename-both'; readonly address: string; readonly from: string }
  /** With it, the broker would delete more objects that this project does not own. */
  | { readonly reason: 'cascades'; readonly address: string; readonly objects: readonly AffectedObject[] }
  /** Kept objects of other owners send messages there: dead letters, unroutable messages, shovels. */
  /** The login may not read parameters, so shovels that publish to a renamed object are unknown. */
  | { readonly reason: 'shovels-unknown'; readonly address: string; readonly from: string }
  | { readonly reason: 'still-used'; readonly address: string; readonly senders: readonly AffectedObject[] }
  /** The broker routes by only one of two bindings that are both declared. */
  | { readonly reason: 'slot-taken'; readonly address: string; readonly by: string }
  /** The exchange is auto-delete, so the broker would delete it with its last binding. */
  | { readonly reason: 'rebind-deletes-exchange'; readonly address: string; readonly exchange: string }
  | { readonly reason: 'not-rebindable'; readonly address: string }
  /** A stopped run was declaring it, and it does not answer: the broker has registered it, and its members may never have started. */
  | { readonly reason: 'half-declared'; readonly address: string; readonly because: string }
  | { readonly reason: 'unfinished-move'; readonly address: string }
  | { readonly reason: 'unfinished-replacement'; readonly address: string }
  | { readonly reason: 'move-impossible'; readonly address: string; readonly problem: HoldingProblem }
  /** The nodes cannot carry the moves of the plan. `address` is the first queue of them. */
  | {
      readonly reason: 'move-unsafe'
      readonly address: string
      /** The number of queues whose messages would be moved. */
      readonly queues: number
      readonly obstacles: readonly MoveObstacle[]
    }
  /** Messages would wait in a queue of this name. */
  | {
      readonly reason: 'holding-name-taken'
      readonly address: string
      readonly holding: string
      /** True if the files declare it; absent if it exists only on the broker. */
      readonly declared?: true
      /** The positions of its declaration and of the object's declaration. */
      readonly places: readonly Location[]
    }
  /** The virtual host's limit does not allow the queues that the plan needs at once. */
  | {
      readonly reason: 'queue-limit'
      readonly address: string
      readonly limit: number
      /** The maximum number of queues that the plan needs at one time, including the lock if it is needed. */
      readonly needed: number
      /** The numbers of existing queues, of created queues, and of queues that hold messages during a move. */
      readonly live: number
      readonly created: number
      readonly moving: number
      /** Whether warren's lock is included. */
      readonly lock: boolean
    }
  /** Messages wait in other queues, and reach no queue if it is deleted or changed as planned. */
  | {
      readonly reason: 'awaited'
      readonly address: string
      readonly queues: readonly { readonly address: string; readonly messages: number }[]
    }
  /**
   * The changed policy limits queues below the messages that wait in them, and the broker would drop the difference at
   * once.
   */
  | {
      readonly reason: 'limit-lowered'
      readonly address: string
      readonly queues: readonly {
        readonly address: string
        readonly messages: number
        /** The name of the key in policies. */
        readonly key: string
        readonly limit: number
      }[]
    }
  /** A policy also applies to a queue that `retry` or `deadLetter` derives, and messages would be lost. */
  | {
      readonly reason: 'policy-loses'
      readonly address: string
      readonly policy: string
      readonly losses: readonly CapturedLoss[]
      /** The positions of the declarations of the policy and of the queue. */
      readonly places: readonly Location[]
    }
  /** The policy of `deadLetter` would displace another one, whose keys would no longer apply. */
  | {
      readonly reason: 'policy-displaced'
      readonly address: string
      readonly policy: string
      readonly queue: string
      readonly keys: readonly string[]
      readonly places: readonly Location[]
    }
  /** Another policy would keep that of `deadLetter` from its queue. */
  | {
      readonly reason: 'dead-letter-policy-outranked'
      readonly address: string
      readonly policy: string
      readonly queue: string
      readonly places: readonly Location[]
    }
  | { readonly reason: 'target-requires'; readonly address: string; readonly requires: string }
  /** An option with an address that the plan cannot use. Without a problem, no object in the plan has the address. */
  | {
      readonly reason: 'unmatched-address'
      readonly address: string
      readonly problem?: {
        readonly kind:
          | 'missing'
          | 'not-declared'
          | 'not-replaceable'
          | 'not-self-deleting'
          | 'external'
          | 'vhost-not-managed'
          | 'not-owned'
          /** A glob that matches nothing in the plan. */
          | 'no-match'
        /** The project that owns the object; absent if there is none. */
        readonly project?: string
      }
      /** The most similar address in the plan. */
      readonly nearest?: string
    }
  | {
      readonly reason: 'too-many-deletes'
      readonly address: string
      readonly deletes: number
      readonly owned: number
      readonly limit: string
    }
  | { readonly reason: 'empty-topology'; readonly address: string }
  | { readonly reason: 'ownership-unknown'; readonly address: string }
  | { readonly reason: 'record-damaged'; readonly address: string; readonly record: string; readonly format?: number }
  /** Another project, or this one in another virtual host, may rely on it. */
  | {
      readonly reason: 'other-record-damaged'
      readonly address: string
      readonly record: string
      readonly format?: number
    }

/** Why a run cannot count messages although AMQP works: the lock, or a limit of connections or channels. */
export type UncountedFor = 'lock' | 'limit'

/** Why a node cannot carry a move: it could stop half way, with messages in two queues. */
export type MoveObstacle =
  | {
      readonly obstacle: 'node-down' | 'partition' | 'memory-alarm' | 'disk-alarm'
      readonly node: string
    }
  /** In bytes: the free space above the limit of the disk alarm, and what the messages may need. */
  | { readonly obstacle: 'disk'; readonly node: string; readonly room: number; readonly needed: number }
