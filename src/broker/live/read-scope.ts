import { type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'

/** The part of the broker to read. */
export interface ReadScope {
  /** Reads only the objects in these vhosts. */
  readonly vhosts: readonly string[]
  /** Reads only these kinds; all if absent. */
  readonly kinds?: ReadonlySet<Kind>
  /**
   * Whether to leave out vhosts that the login may not read, and to list them in the result. Default: such a vhost is
   * an error.
   */
  readonly skipUnreadable?: boolean
}

/**
 * The kinds that every plan needs: the objects themselves, the policies that affect them, the rights of the login, and the
 * records of ownership, which are global parameters.
 */
const ALWAYS: readonly Kind[] = [
  'vhost',
  'permission',
  'exchange',
  'policy',
  'operator-policy',
  'queue',
  'binding',
  'global-parameter',
]

/**
 * Lists only the data that a topology needs, because the login may have no permission for the rest.
 *
 * @param everything whether undeclared objects are needed too, for example for a prune
 * @param entered virtual hosts to read although the topology does not contain them. Default: none
 */
export function scopeOf(topology: Topology, everything = false, entered: readonly string[] = []): ReadScope {
  // Shovels may publish to a renamed object.
  const renames = [...topology.queues, ...topology.exchanges].some(({ renamedFrom }) => renamedFrom !== undefined)
  const isNeeded = (kind: Kind) =>
    everything || ALWAYS.includes(kind) || (renames && kind === 'parameter') || objectsOf(kind, topology).length > 0
  const kinds = KINDS.filter(isNeeded)
  return { vhosts: [...topology.vhosts.map(({ name }) => name), ...entered], kinds: new Set(kinds) }
}
