import type { Location } from '../diagnostics/location.ts'
import type { NotExported } from '../model/not-exported.ts'
import type { DerivedLoss } from '../model/policies/derived-effects.ts'
import type { HoldingProblem } from './migration/holding-problem.ts'
import type { SelfDeletion } from './steps/deletes-itself.ts'

/** The loss that one key of a policy causes. */
export interface CapturedLoss {
  readonly loss: DerivedLoss
  readonly key: string
  /** The value of the queue's own argument; absent if it has none. */
  readonly declared?: unknown
  readonly effective: unknown
}

/** Why a queue is left out of a migration. */
export type Unsuitable =
  | HoldingProblem
  | { readonly problem: 'protected' }
  /** A queue with the name of its holding queue exists or is declared. */
  | { readonly problem: 'holding-name-taken'; readonly holding: string }
  | { readonly problem: 'uncounted'; readonly because: string }

/** An effect of a policy or of a virtual host's limit on objects, or objects that have deleted themselves. */
export type Note =
  /** The virtual host contains more queues than its limit, which the broker allows, but no queue can be recreated. */
  | LimitNote<'queue-limit-exceeded'>
  /** The lock of an apply would be one queue too many, so the apply continues without it. */
  | LimitNote<'no-room-for-lock'>
  /** The same for later applies. */
  | LimitNote<'no-room-for-later-locks'>
  /** They were on the broker and have deleted themselves, so they are not created again. */
  | { readonly note: 'completed'; readonly because: SelfDeletion; readonly addresses: readonly string[] }
  /** They do not exist yet, and another project of the same run declares them. */
  | { readonly note: 'expected'; readonly project: string; readonly addresses: readonly string[] }
  /** `--allow delete=`, or `--target` of a prune, names them, and neither the files nor the broker have them. */
  | { readonly note: 'nothing-to-delete'; readonly addresses: readonly string[] }
  /** Options with globs that match nothing in the plan. */
  | { readonly note: 'nothing-matches'; readonly options: readonly string[]; readonly addresses: readonly string[] }
  /** A change of the policy makes quorum queues drop dead letters that their targets have not confirmed yet. */
  | { readonly note: 'dead-letters-dropped'; readonly policy: string; readonly addresses: readonly string[] }
  /** At-least-once dead-lettering could not deliver these dead letters yet, so the queue holds them. */
  | { readonly note: 'dead-letters-held'; readonly messages: number; readonly addresses: readonly string[] }
  /** A declared queue has lost the majority of its members, so it accepts and delivers no message. */
  | {
      readonly note: 'majority-lost'
      readonly members: number
      readonly online: number
      readonly addresses: readonly string[]
    }
  /** `--skip-unsuitable` leaves it out of the migration. */
  | { readonly note: 'not-migrated'; readonly why: Unsuitable; readonly addresses: readonly string[] }
  /** The login may not read the nodes, so it is unknown whether they can carry the migration of these queues. */
  | { readonly note: 'nodes-unchecked'; readonly addresses: readonly string[] }
  /** It sets keys that their declarations do not set, and the files do not declare it. */
  | {
      readonly note: 'policy-adds'
      readonly policy: string
      readonly keys: Readonly<Record<string, unknown>>
      readonly addresses: readonly string[]
    }
  /** The policy also applies to an object that `retry`, `deadLetter` or `superStreams` derives. */
  | {
      readonly note: 'policy-captures'
      readonly policy: string
      /** The values that the policy sets. */
      readonly keys: Readonly<Record<string, unknown>>
      /** False if it is unknown whether it applies. */
      readonly certain: boolean
      readonly losses: readonly CapturedLoss[]
      /** The positions of the declarations of the policy and of the object. */
      readonly places: readonly Location[]
      readonly addresses: readonly string[]
    }
  /** The policy overrides a declared argument. */
  | {
      readonly note: 'policy-overrides'
      readonly policy: string
      readonly key: string
      readonly declared: unknown
      readonly effective: unknown
      readonly addresses: readonly string[]
    }
  /** The broker applies nothing of a policy to queues whose type does not know one of its keys. */
  | {
      readonly note: 'policy-not-for-type'
      readonly policy: string
      readonly type: string
      readonly keys: readonly string[]
      /** The other keys of the policy, which do not affect the queues either. */
      readonly lost: readonly string[]
      readonly addresses: readonly string[]
    }
  /**
   * A quorum queue treats `overflow: reject-publish-dlx` of the policy as `drop-head`, and drops confirmed messages.
   */
  | { readonly note: 'policy-drops-head'; readonly policy: string; readonly addresses: readonly string[] }
  /** A policy with a higher priority applies instead, so these keys have no effect: policies are not merged. */
  | {
      readonly note: 'policy-shadowed'
      readonly policy: string
      readonly by: string
      readonly keys: readonly string[]
      readonly addresses: readonly string[]
    }
  /** Among several with equal priority, it is undefined which one applies. */
  | { readonly note: 'policies-tie'; readonly policies: readonly string[]; readonly addresses: readonly string[] }
  | UnmanagedNote

/** Existing undeclared objects, without a known owner, that affect managed objects. */
export type UnmanagedNote =
  /** Bindings to a managed queue, which is in `addresses`. */
  | {
      readonly note: 'unmanaged-bindings'
      readonly bindings: readonly string[]
      readonly owners: KnownOwners
      readonly addresses: readonly string[]
    }
  /** It matches managed queues. No other note says what it does to them. */
  | {
      readonly note: 'unmanaged-policy'
      readonly policy: string
      readonly owners: KnownOwners
      readonly addresses: readonly string[]
    }
  /** The users that `addresses` names are administrators; the login of the run is never among them. */
  | {
      readonly note: 'unmanaged-administrators'
      readonly owners: KnownOwners
      readonly addresses: readonly string[]
    }
  /** Objects of these kinds may affect managed objects, and none of them was read. */
  | {
      readonly note: 'unmanaged-not-compared'
      readonly kinds: readonly UnreadKind[]
      readonly addresses: readonly string[]
    }

/** Whether no project owns an object; `unknown` if not all records of ownership could be read. */
export type KnownOwners = 'none' | 'unknown'

/** The kinds of unmanaged objects that can affect managed ones. */
export type UnreadKind = Extract<NotExported, 'bindings' | 'policies' | 'operator-policies' | 'users'>

export interface LimitNote<N extends string> {
  readonly note: N
  readonly limit: number
  /** The number of queues, existing or planned. */
  readonly queues: number
  /** The virtual host. */
  readonly addresses: readonly string[]
}

/** Whether a note is about a limit instead of a policy. */
export function isLimitNote(note: Note): note is Extract<Note, { readonly limit: number }> {
  return 'limit' in note
}
