import type { Exchange, Queue } from '../../model/topology.ts'
import type { Framework, FrameworkObject } from './framework-object.ts'
import type { VhostShape } from './vhost-shape.ts'

/** How objects of one kind that play one part in a framework are recognized. */
export interface Rule<O> extends Omit<FrameworkObject, 'framework'> {
  /** The names that the framework generates. */
  readonly name: RegExp
  /**
   * Whether the object is as the framework declares it under this name. It gets the match of the name.
   * Absent: the name is enough.
   */
  readonly shape?: (object: O, vhost: VhostShape, name: RegExpExecArray) => boolean
}

/** The rules of one framework. The first that matches holds. Each file of rules names the sources that it was read from. */
export interface FrameworkRules {
  readonly framework: Framework
  readonly exchanges: readonly Rule<Exchange>[]
  readonly queues: readonly Rule<Queue>[]
}

/** The text form of a UUID, as a part of a regular expression. */
export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** Part of a name that a regular expression captured; empty where it captured nothing. */
export function captured(name: RegExpExecArray, group = 1): string {
  return name[group] ?? ''
}
