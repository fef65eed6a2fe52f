import { type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import type { Scope } from './read-live.ts'

/**
 * What a plan always looks at: the objects themselves, what policies do to them, the rights of the login, and the records
 * of who owns what, which are global parameters.
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
 * What has to be read for a topology. Nothing else is, since a login may well lack the right to read it.
 *
 * @param everything whether objects that the topology does not declare matter too, as for a prune
 * @param entered virtual hosts that are read though the topology does not name them. Default: none
 */
export function scopeOf(topology: Topology, everything = false, entered: readonly string[] = []): Scope {
  const kinds = KINDS.filter((kind) => everything || ALWAYS.includes(kind) || objectsOf(kind, topology).length > 0)
  return { vhosts: [...topology.vhosts.map(({ name }) => name), ...entered], kinds: new Set(kinds) }
}
