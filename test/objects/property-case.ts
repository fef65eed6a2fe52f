import type { Kind, ObjectOf, Topology } from '../../src/model/topology.ts'

/** Names that only one test knows. */
export interface Place {
  readonly vhost: string
  readonly user: string
  readonly parameter: string
}

/** What happens to a declared object whose property is later declared with another value. */
export type Changing =
  /** The broker changes it in place. */
  | 'in place'
  /** The broker cannot: the plan is blocked. */
  | 'replacement'
  /** It names the object: the other one is created, and this one stays. */
  | 'another object'

/** One property of one kind of object, with two values that a broker takes. */
export interface PropertyCase<K extends Kind = Kind> {
  readonly kind: K
  /** As in topology files. */
  readonly property: string
  /** As in plans. */
  readonly differs: string
  readonly before: Partial<ObjectOf[K]>
  readonly after: Partial<ObjectOf[K]>
  readonly changing: Changing
  /** How a difference is detected, if not by value. */
  readonly compared?: string
  /** The first version that changes it in place; before, a plan that needs it is blocked. */
  readonly changesSince?: string
  /** The first version that has it; before, a plan that needs it is blocked. */
  readonly since?: string
  /** The first version that has it; before, it is neither compared nor asked for. */
  readonly ignoredBefore?: string
  /** The plugin that the broker needs; without, a plan that needs it is blocked. */
  readonly plugin?: string
}

/** A kind of object: how one is named in a place, and the objects that it needs. */
export interface KindCase<K extends Kind = Kind> {
  readonly object: (place: Place) => ObjectOf[K]
  readonly around: (place: Place) => Partial<Topology>
}
