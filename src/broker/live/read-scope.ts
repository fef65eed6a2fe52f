import { type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'

/** Which part of the broker to read. */
export interface ReadScope {
  /** Only the objects in these vhosts are read. */
  readonly vhosts: readonly string[]
  /** Only these kinds are read; all when absent. */
  readonly kinds?: ReadonlySet<Kind>
  /** Whether to leave out vhosts that the login may not read, and name them in the result. Default: such a vhost is an error. */
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
 * Lists what to read for a topology, and no more, because the login may lack permission for the rest.
 *
 * @param everything whether undeclared objects are needed too, as for a prune
 * @param entered virtual hosts to read although the topology does not name them. Default: none
 */
export function scopeOf(topology: Topology, everything = false, entered: readonly string[] = []): ReadScope {
  // Shovels may publish to what gets another name.
  const renames = [...topology.queues, ...topology.exchanges].some(({ renamedFrom }) => renamedFrom !== undefined)
  const isNeeded = (kind: Kind) =>
    everything || ALWAYS.includes(kind) || (renames && kind === 'parameter') || objectsOf(kind, topology).length > 0
  const kinds = KINDS.filter(isNeeded)
  return { vhosts: [...topology.vhosts.map(({ name }) => name), ...entered], kinds: new Set(kinds) }
}
