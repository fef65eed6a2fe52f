import type { Kind, ObjectOf, Topology } from '../../src/model/topology.ts'

/** Names that only one test uses. */
export interface Place {
  readonly vhost: string
  readonly user: string
  readonly parameter: string
}

/** The outcome for a declared object whose property is later declared with another value. */
export type Changing =
  /** The broker changes it in place. */
  | 'in place'
  /** The broker cannot: the plan is blocked. */
  | 'replacement'
  /** The property is a part of the name: another object is created, and this one is kept. */
  | 'another object'

/** One property of one kind of object, with two values that a broker accepts. */
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
  /** The first version that has it; before, it is neither compared nor read. */
  readonly ignoredBefore?: string
  /** The plugin that the broker needs; without it, a plan that needs the property is blocked. */
  readonly plugin?: string
}

/** A kind of object: its name in a place, and the objects that it needs. */
export interface KindCase<K extends Kind = Kind> {
  readonly object: (place: Place) => ObjectOf[K]
  readonly around: (place: Place) => Partial<Topology>
}
