import { address as makeAddress, addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import { isLockName } from '../../model/generated-names.ts'
import { type Binding, type ObjectOf, objectsOf } from '../../model/topology.ts'
import type { FrameworkObject } from '../frameworks/framework-object.ts'
import type { SnapshotOwner, VhostSnapshot } from '../../broker/snapshot/snapshot.ts'

/**
 * A kind of object that coverage counts: the kinds within a vhost. Users and rights are not counted: only an
 * administrator may read them, so the figure would depend on the login.
 */
export type CoveredKind = 'exchange' | 'queue' | 'binding' | 'policy' | 'operator-policy' | 'parameter'

export const COVERED_KINDS: readonly CoveredKind[] = [
  'exchange',
  'queue',
  'binding',
  'policy',
  'operator-policy',
  'parameter',
]

/** An object of a vhost that a file could declare. */
export interface SurveyedObject {
  readonly address: string
  readonly kind: CoveredKind
  readonly object: ObjectOf[CoveredKind]
  /** Absent if no project owns it, or if owners are unknown. */
  readonly owner?: SnapshotOwner
  /** Why it does not count as unmanaged although no project owns it; absent if it counts. */
  readonly setAside?: SetAside
}

/**
 * Why an object does not need to be declared: it does not outlive its users or the broker, or a framework declares it
 * for itself.
 */
export type SetAside = 'transient' | 'framework'

/** Lists the objects of a vhost that coverage counts, without the broker's own. */
export function surveyedObjects(
  vhost: VhostSnapshot,
  owners: ReadonlyMap<string, SnapshotOwner>,
  frameworks: ReadonlyMap<string, FrameworkObject>,
): SurveyedObject[] {
  const { topology } = vhost
  const untouchable = new Set(vhost.untouchable.map(({ name }) => name))
  const transient = new Set(
    [
      ...topology.queues.filter(isTransientQueue).map((each) => addressOf('queue', each)),
      ...topology.exchanges
        .filter(({ durable, autoDelete }) => !durable || autoDelete)
        .map((each) => addressOf('exchange', each)),
    ].filter((address) => !owners.has(address)),
  )
  const joinsTransient = ({ vhost: name, source, destinationType, destination }: Binding) =>
    transient.has(makeAddress('exchange', name, source)) ||
    transient.has(makeAddress(destinationType, name, destination))
  const ofKind = (kind: CoveredKind): SurveyedObject[] =>
    objectsOf(kind, topology).flatMap((object): SurveyedObject[] => {
      if (isOfBroker(kind, object, untouchable)) return []
      const address = addressOf(kind, object as never)
      const owner = owners.get(address)
      if (owner !== undefined) return [{ address, kind, object, owner }]
      const role = frameworks.get(address)?.role
      const isTransient = transient.has(address) || (kind === 'binding' && joinsTransient(object as Binding))
      const setAside: SetAside | undefined = isTransient
        ? 'transient'
        : role === 'infrastructure' || role === 'shared-infrastructure'
          ? 'framework'
          : undefined
      return [{ address, kind, object, ...(setAside && { setAside }) }]
    })
  return COVERED_KINDS.flatMap(ofKind)
}

/**
 * Whether an object belongs to the broker or to warren: exchanges that every vhost has, locks, and bindings to queues
 * that belong to a connection or plugin.
 */
function isOfBroker(kind: CoveredKind, object: ObjectOf[CoveredKind], untouchable: ReadonlySet<string>): boolean {
  if (kind === 'exchange') return isBuiltInExchange((object as ObjectOf['exchange']).name)
  if (kind === 'queue') return isLockName((object as ObjectOf['queue']).name)
  if (kind !== 'binding') return false
  const { destinationType, destination } = object as Binding
  return destinationType === 'queue' && untouchable.has(destination)
}

function isTransientQueue({ durable, autoDelete, arguments: table }: ObjectOf['queue']): boolean {
  return !durable || autoDelete || table['x-expires'] !== undefined
}
