import { address, addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import {
  type Declared,
  type Kind,
  KINDS,
  type ObjectOf,
  objectsOf,
  type Topology,
  topologyOf,
} from '../../model/topology.ts'
import type { LeftOut } from '../export/export-input.ts'

/** The part of a topology that definitions can contain, and what was left out. */
export interface Definable {
  readonly kept: Topology
  readonly leftOut: readonly LeftOut[]
}

/** Leaves out external objects, and objects that cannot exist without a left-out one. */
export function definable(topology: Topology): Definable {
  const leftOut = new Map<string, string>()
  const keep = <K extends Kind>(kind: K): readonly ObjectOf[K][] =>
    objectsOf(kind, topology).filter((object) => {
      const reason = reasonOf(kind, object, leftOut)
      if (reason !== undefined) leftOut.set(addressOf(kind, object), reason)
      return reason === undefined
    })
  // Uses the order of creation, so that each object is decided before the ones that refer to it.
  const kept = new Map(KINDS.map((kind) => [kind, keep(kind)] as const))
  return {
    kept: topologyOf(<K extends Kind>(kind: K) => kept.get(kind) as readonly ObjectOf[K][]),
    leftOut: Array.from(leftOut, ([at, reason]) => ({ address: at, reason })),
  }
}

function reasonOf<K extends Kind>(
  kind: K,
  object: ObjectOf[K],
  leftOut: ReadonlyMap<string, string>,
): string | undefined {
  if ((object as Declared).external === true) return 'it is external: its own project declares it'
  if (kind === 'user') return passwordProblem(object as ObjectOf['user'])
  const missing = needed(kind, object).find((each) => leftOut.has(each))
  return missing === undefined ? undefined : `${missing} is left out`
}

/** An imported user without a password could not log in. */
function passwordProblem({ credential }: ObjectOf['user']): string | undefined {
  if (credential?.missing === undefined) return undefined
  return `its ${credential.kind === 'password' ? 'password' : 'password hash'} is unknown: ${credential.missing}`
}

/** The addresses of the objects that have to exist before this one can be imported. */
function needed<K extends Kind>(kind: K, object: ObjectOf[K]): readonly string[] {
  switch (kind) {
    case 'binding': {
      const { vhost, source, destinationType, destination } = object as ObjectOf['binding']
      return [
        ...(isBuiltInExchange(source) ? [] : [address('exchange', vhost, source)]),
        address(destinationType, vhost, destination),
      ]
    }
    case 'permission':
    case 'topic-permission':
      return [address('user', (object as ObjectOf['permission']).user)]
    case 'vhost':
    case 'user':
    case 'exchange':
    case 'queue':
    case 'policy':
    case 'operator-policy':
    case 'parameter':
    case 'global-parameter':
      return []
  }
}
