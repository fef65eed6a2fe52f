import type { Exchange, Queue } from '../../model/topology.ts'
import type { Framework, FrameworkObject } from './framework-object.ts'
import type { VhostShape } from './vhost-shape.ts'

/** Recognizes objects of one kind with one purpose in a framework. */
export interface Rule<O> extends Omit<FrameworkObject, 'framework'> {
  /** The names that the framework generates. */
  readonly name: RegExp
  /**
   * Whether the object has the properties that the framework gives it under this name. Receives the match of the
   * name. If absent, the name is sufficient.
   */
  readonly shape?: (object: O, vhost: VhostShape, name: RegExpExecArray) => boolean
}

/**
 * The rules of one framework. The first rule that matches applies. Each file of rules names the sources of the
 * framework that it follows.
 */
export interface FrameworkRules {
  readonly framework: Framework
  readonly exchanges: readonly Rule<Exchange>[]
  readonly queues: readonly Rule<Queue>[]
}

/** The text form of a UUID, as a part of a regular expression. */
export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** The text that a group of a regular expression captured; empty if it captured nothing. */
export function captured(name: RegExpExecArray, group = 1): string {
  return name[group] ?? ''
}
