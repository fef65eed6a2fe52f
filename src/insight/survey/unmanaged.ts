import { countByQueue } from './clients.ts'
import { matchesGlob } from '../../model/names/matches-glob.ts'
import type { Arguments } from '../../model/arguments.ts'
import type { Exchange, Queue } from '../../model/topology.ts'
import type { FrameworkObject } from '../frameworks/framework-object.ts'
import type { VhostSnapshot } from '../../broker/snapshot/snapshot.ts'
import type { CoveredKind, SetAside, SurveyedObject } from './surveyed-object.ts'

/** An existing object that no project owns. */
export interface UnmanagedObject {
  readonly address: string
  readonly kind: CoveredKind
  /** Of a queue or exchange; for a parameter, its component. */
  readonly type?: string
  /** Of queues, exchanges and bindings, if there are any. */
  readonly arguments?: Arguments
  /** Why it does not count in coverage; absent if it counts. */
  readonly setAside?: SetAside
  /** The framework that declared it, judged by name and properties. */
  readonly framework?: string
  /** Of a queue; absent if unknown. */
  readonly messages?: number
  /** Of a queue; absent if unknown. */
  readonly consumers?: number
  /** Since when a queue has been idle, as ISO 8601; absent if the broker does not report it. */
  readonly idleSince?: string
}

/**
 * Lists the objects that no project owns.
 *
 * @param targets only addresses that match one of these globs; all if empty
 */
export function unmanagedObjects(
  vhost: VhostSnapshot,
  objects: readonly SurveyedObject[],
  frameworks: ReadonlyMap<string, FrameworkObject>,
  targets: readonly string[],
): UnmanagedObject[] {
  const consumers = vhost.consumers && countByQueue(vhost.consumers)
  return objects
    .filter(
      ({ owner, address }) =>
        owner === undefined && (targets.length === 0 || targets.some((glob) => matchesGlob(address, glob))),
    )
    .map(({ address, kind, object, setAside }): UnmanagedObject => {
      const framework = frameworks.get(address)?.framework
      return {
        address,
        kind,
        ...typeOf(kind, object),
        ...('arguments' in object && Object.keys(object.arguments).length > 0 && { arguments: object.arguments }),
        ...(setAside && { setAside }),
        ...(framework !== undefined && { framework }),
        ...(kind === 'queue' && ofQueue(object as Queue, vhost, consumers)),
      }
    })
}

function typeOf(kind: CoveredKind, object: SurveyedObject['object']): { readonly type?: string } {
  if (kind === 'queue') return { type: (object as Queue).type ?? 'classic' }
  if (kind === 'exchange') return { type: (object as Exchange).type }
  return 'component' in object ? { type: object.component } : {}
}

function ofQueue(
  { name }: Queue,
  { contents, usage }: VhostSnapshot,
  consumers: ReadonlyMap<string, number> | undefined,
): Pick<UnmanagedObject, 'messages' | 'consumers' | 'idleSince'> {
  const messages = contents?.get(name)?.messages
  const idleSince = usage?.get(name)?.idleSince
  return {
    ...(messages !== undefined && { messages }),
    ...(consumers && { consumers: consumers.get(name) ?? 0 }),
    ...(idleSince !== undefined && { idleSince }),
  }
}
