import type { SlotBinding, SlotRule } from '../model/binding-slot.ts'
import type { Binding, Kind, ObjectOf } from '../model/topology.ts'

export interface ChangeOf<K extends Kind> {
  readonly kind: K
  /** `kind:vhost/name`. */
  readonly address: string
}

export interface CreateOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'create'
  readonly after: ObjectOf[K]
}

export interface DeleteOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'delete'
  readonly before: ObjectOf[K]
  /** Whether the project has adopted it: it existed before the project declared it. */
  readonly adopted?: true
  /** What goes with it; only of queues, exchanges, virtual hosts, and what takes other objects along. */
  readonly impact?: Impact
  /** Whether it is the delay queue of a removed delay, which is kept when messages come into it. */
  readonly removedDelay?: true
  /** Only of bindings: others in the same slot, which are bound again so that they route. */
  readonly rebinds?: readonly SlotBinding[]
}

export interface UpdateOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'update'
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
}

/** RabbitMQ cannot change this in place (rabbit_exchange, rabbit_amqqueue: assert_equivalence). */
export interface ReplaceOf<K extends FixedKind> extends ChangeOf<K> {
  readonly action: 'replace'
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
  readonly how: ReplaceHow
  readonly impact?: Impact
  /** Declared bindings that take the slots of those that come back, whatever weight these had. */
  readonly bindsAs?: readonly SlotBinding[]
  /** Whether a run that was stopped has begun it. */
  readonly resumes?: true
}

/** The kinds that cannot be changed once they are declared. */
export type FixedKind = 'queue' | 'exchange'

/**
 * How a replacement is done: `recreate` deletes the object, with the messages of a queue, and recreates it; `migrate`
 * keeps the messages; `undecided` is blocked.
 */
export type ReplaceHow = 'undecided' | 'recreate' | 'migrate'

/**
 * A binding takes the slot of others, or its own again: the broker drops the slot with any binding that is removed, so they
 * are all unbound first, and then it is bound.
 */
export interface RebindOf extends ChangeOf<'binding'> {
  readonly action: 'replace'
  /** The live binding whose place it takes; it may be equal. */
  readonly before: Binding
  readonly after: Binding
  readonly differences: readonly Difference[]
  readonly how: 'rebind'
  readonly rule: SlotRule
  /** All live bindings in the slot, `before` included. */
  readonly unbinds: readonly Binding[]
  readonly gap: RebindGap
}

/** Where messages go between unbinding and binding: to the exchange's other destinations, to its alternate one, or nowhere. */
export type RebindGap = 'other-destinations' | 'alternate-exchange' | 'unroutable'

/** The object of another name becomes this one, with its messages and bindings. */
export interface RenameOf<K extends FixedKind> extends ChangeOf<K> {
  readonly action: 'rename'
  /** Addresses of its live bindings that a prune leaves behind: the project's, and not declared for the new name. */
  readonly drops?: readonly string[]
  /** The project's other bindings that are not declared for the new name, by their old and new addresses. */
  readonly carries?: readonly { readonly from: string; readonly to: string }[]
  /** The address of `before`. */
  readonly from: string
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly impact?: Impact
  /** Declared bindings that take the slots of those that come back, whatever weight these had. */
  readonly bindsAs?: readonly SlotBinding[]
  /** Whether a run that was stopped has begun it. */
  readonly resumes?: true
}

/** What a step that deletes a queue, an exchange or a virtual host puts at risk, counted when the plan was made. */
export interface Impact {
  /**
   * Messages on the live queue, ready, unacknowledged and held by dead-lettering, or on the queues of others in the virtual
   * host; absent for an exchange.
   */
  readonly messages?: number
  /** Consumers of the same; absent for an exchange. */
  readonly consumers?: number
  /** What the broker deletes with it and the plan does not delete itself, bindings apart; absent where there is nothing. */
  readonly cascades?: readonly AffectedObject[]
  /** What stays and sends its dead letters, or what it cannot route, there; absent where there is nothing. */
  readonly senders?: readonly AffectedObject[]
  /** Addresses of the live bindings of the object, from and to it, without the one to the default exchange. */
  readonly bindings: readonly string[]
  /** How many of them no file declares and this project does not own. */
  readonly undeclaredBindings: number
}

/** One step from the live to the desired topology. */
export type Change =
  | { [K in Kind]: CreateOf<K> | UpdateOf<K> | DeleteOf<K> }[Kind]
  | { [K in FixedKind]: ReplaceOf<K> | RenameOf<K> }[FixedKind]
  | RebindOf

/** A change that leaves a declared object behind. */
export type WriteChange = Exclude<Change, { action: 'delete' }>

export type DeleteChange = Extract<Change, { action: 'delete' }>

export type ReplaceChange = Extract<Change, { kind: FixedKind; action: 'replace' }>

export type RebindChange = Extract<Change, { kind: 'binding'; action: 'replace' }>

export type RenameChange = Extract<Change, { action: 'rename' }>

/** A property that differs. */
export type Difference =
  | {
      /** In the words of the file format; an argument is `arguments.x-message-ttl`. */
      readonly property: string
      /** Absent where there is none. */
      readonly before?: unknown
      readonly after?: unknown
    }
  /** A secret that differs: only that it does. */
  | { readonly property: string; readonly secret: 'changed' }

/** An object that the broker deletes with another, and the project that owns it, if any. */
export interface AffectedObject {
  readonly address: string
  /** Another project. */
  readonly project?: string
  /** Whether this project owns or declares it, and the plan leaves it out. */
  readonly own?: true
  /** The host that a shovel publishes to, where nobody can tell here whether that is this broker. */
  readonly host?: string
}
