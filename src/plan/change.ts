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
  /** Whether the project has adopted it, because it existed before the project declared it. */
  readonly adopted?: true
  /** The losses; only for queues, exchanges, virtual hosts, and objects that are deleted together with others. */
  readonly impact?: Impact
  /** Whether it is the delay queue of a removed delay, which is kept if messages arrive in it. */
  readonly removedDelay?: true
  /** Only for bindings: other bindings of the same slot, which are recreated so that they route again. */
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
  /** Declared bindings that replace the restored ones in their slots, regardless of the weights. */
  readonly bindsAs?: readonly SlotBinding[]
  /** Whether a stopped run has begun it. */
  readonly resumes?: true
}

/** The kinds whose properties cannot be changed after the declaration. */
export type FixedKind = 'queue' | 'exchange'

/**
 * How an object is replaced: `recreate` deletes it, with the messages of a queue, and recreates it; `migrate` keeps
 * the messages; `undecided` is blocked.
 */
export type ReplaceHow = 'undecided' | 'recreate' | 'migrate'

/**
 * A binding replaces others in its slot, or itself. The broker deletes the slot with any of its bindings, so all of
 * them are removed first, and then the new one is created.
 */
export interface RebindOf extends ChangeOf<'binding'> {
  readonly action: 'replace'
  /** The live binding that it replaces; it may be equal. */
  readonly before: Binding
  readonly after: Binding
  readonly differences: readonly Difference[]
  readonly how: 'rebind'
  readonly rule: SlotRule
  /** All live bindings in the slot, including `before`. */
  readonly unbinds: readonly Binding[]
  readonly gap: RebindGap
}

/**
 * The route of messages between unbinding and binding: the exchange's other destinations, its alternate exchange, or
 * none.
 */
export type RebindGap = 'other-destinations' | 'alternate-exchange' | 'unroutable'

/** An object gets a new name, and keeps its messages and bindings. */
export interface RenameOf<K extends FixedKind> extends ChangeOf<K> {
  readonly action: 'rename'
  /**
   * Addresses of its live bindings that a prune does not restore: the project's own, which are not declared for the
   * new name.
   */
  readonly drops?: readonly string[]
  /** The project's other bindings that are not declared for the new name, by their old and new addresses. */
  readonly carries?: readonly { readonly from: string; readonly to: string }[]
  /** The address of `before`. */
  readonly from: string
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly impact?: Impact
  /** Declared bindings that replace the restored ones in their slots, regardless of the weights. */
  readonly bindsAs?: readonly SlotBinding[]
  /** Whether a stopped run has begun it. */
  readonly resumes?: true
}

/** The losses of a step that deletes a queue, an exchange or a virtual host, counted when the plan was made. */
export interface Impact {
  /**
   * Messages on the live queue, ready, unacknowledged and held by dead-lettering; for a virtual host, those on foreign
   * queues; absent for an exchange.
   */
  readonly messages?: number
  /** Consumers of the same queues; absent for an exchange. */
  readonly consumers?: number
  /**
   * Objects that the broker deletes together with it and that the plan does not delete itself, without bindings;
   * absent if there are none.
   */
  readonly cascades?: readonly AffectedObject[]
  /** Kept objects that send dead letters or unroutable messages there; absent if there are none. */
  readonly senders?: readonly AffectedObject[]
  /** Addresses of the live bindings from and to the object, without the one to the default exchange. */
  readonly bindings: readonly string[]
  /** The number of bindings that no file declares and this project does not own. */
  readonly undeclaredBindings: number
}

/** One step from the live to the desired topology. */
export type Change =
  | { [K in Kind]: CreateOf<K> | UpdateOf<K> | DeleteOf<K> }[Kind]
  | { [K in FixedKind]: ReplaceOf<K> | RenameOf<K> }[FixedKind]
  | RebindOf

/** A change after which a declared object exists. */
export type WriteChange = Exclude<Change, { action: 'delete' }>

export type DeleteChange = Extract<Change, { action: 'delete' }>

export type ReplaceChange = Extract<Change, { kind: FixedKind; action: 'replace' }>

export type RebindChange = Extract<Change, { kind: 'binding'; action: 'replace' }>

export type RenameChange = Extract<Change, { action: 'rename' }>

/** A property that differs. */
export type Difference =
  | {
      /** In the terms of the file format; an argument is `arguments.x-message-ttl`. */
      readonly property: string
      /** Absent if it did not exist. */
      readonly before?: unknown
      readonly after?: unknown
    }
  /** A secret that differs, without its values. */
  | { readonly property: string; readonly secret: 'changed' }

/** An object that the broker deletes with another, and the project that owns it, if any. */
export interface AffectedObject {
  readonly address: string
  /** Another project. */
  readonly project?: string
  /** Whether this project owns or declares it, and the plan leaves it out. */
  readonly own?: true
  /** The host that a shovel publishes to, if it is unknown whether it is this broker. */
  readonly host?: string
}
