import { type Kind, KINDS, objectsOf, type Topology } from '../model/topology.ts'
import type { Scope } from './read-live.ts'

/** What a plan always looks at: the objects themselves, what policies do to them, and the rights of the login. */
const ALWAYS: readonly Kind[] = ['vhost', 'permission', 'exchange', 'policy', 'operator-policy', 'queue', 'binding']

/** What has to be read for a topology. Nothing else is, since a login may well lack the right to read it. */
export function scopeOf(topology: Topology): Scope {
  const kinds = KINDS.filter((kind) => ALWAYS.includes(kind) || objectsOf(kind, topology).length > 0)
  return { vhosts: topology.vhosts.map(({ name }) => name), kinds: new Set(kinds) }
}
