import { address, addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import { isLockName } from '../../model/generated-names.ts'
import {
  type Kind,
  KINDS,
  type ObjectOf,
  objectsOf,
  type Queue,
  type Topology,
  topologyOf,
} from '../../model/topology.ts'
import type { ExportChoices, ExportDecisions, ExportInput, LeftOut } from './export-input.ts'
import { undeclarableReason } from './undeclarable.ts'

/** The part of a topology that files can declare, and what was left out. */
export interface Kept {
  readonly topology: Topology
  readonly leftOut: readonly LeftOut[]
  /** Exchanges that are not exported and that files may refer to, by address. */
  readonly external: ReadonlySet<string>
}

/** The broker writes these parameters itself. A copy on another broker would give that broker a wrong identity. */
const OWN_PARAMETERS = new Set(['cluster_name', 'internal_cluster_id'])

/** Decides what an export contains. Bindings and rights are left out together with their objects. */
export function leaveOut(input: ExportInput, choices: ExportChoices, decisions: ExportDecisions): Kept {
  const leftOut: LeftOut[] = []
  const external = new Set<string>()
  const missing = new Map<string, string>()
  const exchanges = new Set(input.topology.exchanges.map((each) => addressOf('exchange', each)))
  const users = new Set(input.topology.users.map(({ name }) => name))
  const reasonOf = <K extends Kind>(kind: K, object: ObjectOf[K], at: string): string | undefined =>
    decisions.undeclarable.get(at) ??
    input.excluded.get(at) ??
    referred(at) ??
    framework(at) ??
    ownReason(kind, object, input, choices) ??
    undeclarableReason(kind, object) ??
    dependence(kind, object, { missing, external, exchanges, users })
  const referred = (at: string): string | undefined => {
    const reason = input.referred?.get(at)
    if (reason !== undefined) external.add(at)
    return reason
  }
  const framework = (at: string): string | undefined => {
    const found = input.frameworks.get(at)
    if (found === undefined || found.role === 'application' || choices.includeFramework === true) return undefined
    if (found.role === 'shared-infrastructure' && at.startsWith('exchange:')) external.add(at)
    return `${found.what} of ${found.framework}: ${found.why}`
  }
  const keep = <K extends Kind>(kind: K): readonly ObjectOf[K][] =>
    objectsOf(kind, input.topology).filter((object) => {
      const at = addressOf(kind, object)
      const reason = reasonOf(kind, object, at)
      if (reason === undefined) return true
      missing.set(at, reason)
      leftOut.push({ address: at, reason })
      return false
    })
  // Uses the order of creation, so that each object is decided before the ones that refer to it.
  const kept = new Map(KINDS.map((kind) => [kind, keep(kind)] as const))
  const objects = <K extends Kind>(kind: K): readonly ObjectOf[K][] => kept.get(kind) as readonly ObjectOf[K][]
  return {
    topology: topologyOf(objects),
    leftOut: leftOut.toSorted((one, other) => (one.address < other.address ? -1 : 1)),
    external,
  }
}

function ownReason<K extends Kind>(
  kind: K,
  object: ObjectOf[K],
  { login }: ExportInput,
  { includeTransient = false }: ExportChoices,
): string | undefined {
  switch (kind) {
    case 'exchange':
      return isBuiltInExchange((object as ObjectOf['exchange']).name) ? "the broker's own exchange" : undefined
    case 'queue':
      return queueReason(object as Queue, includeTransient)
    case 'user':
      return (object as ObjectOf['user']).name === login ? 'the login of the export' : undefined
    case 'permission':
    case 'topic-permission':
      return (object as ObjectOf['permission']).user === login ? 'a right of the login of the export' : undefined
    case 'global-parameter':
      return OWN_PARAMETERS.has((object as ObjectOf['global-parameter']).name)
        ? "the broker's own parameter, which names this cluster"
        : undefined
    case 'vhost':
    case 'binding':
    case 'policy':
    case 'operator-policy':
    case 'parameter':
      return undefined
  }
}

function queueReason({ name, durable, autoDelete, arguments: table }: Queue, transient: boolean): string | undefined {
  if (name.startsWith('amq.')) return 'the broker chose its name'
  if (isLockName(name)) return 'a lock of warren'
  if (transient) return undefined
  if (autoDelete) return 'it deletes itself when its last consumer leaves'
  if (!durable) return 'it does not survive a restart of the broker'
  return Object.hasOwn(table, 'x-expires') ? 'it deletes itself when it is unused' : undefined
}

/** Decisions about the objects that other objects refer to. */
interface Decided {
  /** Why an object is left out, by its address. */
  readonly missing: ReadonlyMap<string, string>
  readonly external: ReadonlySet<string>
  /** The addresses of all exchanges that exist. */
  readonly exchanges: ReadonlySet<string>
  /** The names of all users that exist. */
  readonly users: ReadonlySet<string>
}

/** The reason why an object cannot be declared: another object that it needs is left out. */
function dependence<K extends Kind>(
  kind: K,
  object: ObjectOf[K],
  { missing, external, exchanges, users }: Decided,
): string | undefined {
  if (kind === 'binding') {
    const { vhost, source, destinationType, destination } = object as ObjectOf['binding']
    const to = address(destinationType, vhost, destination)
    if (missing.has(to) && !(destinationType === 'exchange' && isBuiltInExchange(destination)))
      return `its destination is left out: ${missing.get(to)}`
    const from = address('exchange', vhost, source)
    return missing.has(from) && !isBuiltInExchange(source) && !external.has(from)
      ? `its exchange is left out: ${missing.get(from)}`
      : undefined
  }
  if (kind === 'permission' || kind === 'topic-permission') {
    const { user } = object as ObjectOf['permission']
    if (!users.has(user)) return 'its user does not exist'
    const reason = missing.get(address('user', user))
    if (reason !== undefined) return `its user is left out: ${reason}`
  }
  if (kind === 'topic-permission') {
    const { vhost, exchange } = object as ObjectOf['topic-permission']
    const at = address('exchange', vhost, exchange)
    if (!exchanges.has(at) && !isBuiltInExchange(exchange)) return 'its exchange does not exist'
    if (missing.has(at) && !isBuiltInExchange(exchange) && !external.has(at))
      return `its exchange is left out: ${missing.get(at)}`
  }
  return undefined
}
