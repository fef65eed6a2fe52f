import { addressOf } from '../../model/address.ts'
import { ownVhostOf } from '../../model/amqp/amqp-uri-problem.ts'
import { isWithin } from '../../model/broker-version.ts'
import { revealCredentials } from '../../model/secrets/mask-credentials.ts'
import type { Arguments } from '../../model/arguments.ts'
import type { Binding, Exchange, Queue, Topology } from '../../model/topology.ts'
import { holdingQueue } from '../migration/holding-queue.ts'
import type { Change, WriteChange } from '../change.ts'
import { type DeclaredByRun, missingVhosts, withExchanges } from '../declared-by-run.ts'
import type { RequiredRight, ResourceRight, Right, TagRight } from './right.ts'
import { drainsByItself } from '../compare/drains-by-itself.ts'
import { textIn } from '../compare/text-in.ts'

/**
 * All rights that the steps of a plan need. A virtual host that the plan creates needs none: the broker grants all of
 * them to the login that creates it (rabbit_vhost, maybe_grant_full_permissions).
 *
 * @param declaredByRun the objects that other projects of the same run declare; they count as present. Default:
 *   nothing
 */
export function requiredRights(
  changes: readonly Change[],
  live: Topology,
  version: string,
  declaredByRun: DeclaredByRun = new Map(),
): RequiredRight[] {
  const others = [...declaredByRun.values()].map(({ subject }) => subject)
  const surroundings = new Surroundings(changes, withExchanges(live, others), version)
  const created = new Set([
    ...changes.flatMap((each) => (each.kind === 'vhost' && each.action === 'create' ? [each.after.name] : [])),
    ...missingVhosts(live, others),
  ])
  const required = new Map<string, { readonly right: Right; readonly addresses: Set<string> }>()
  for (const change of changes) {
    for (const right of rightsOf(change, surroundings)) {
      if ('vhost' in right && created.has(right.vhost)) continue
      const key = JSON.stringify(right.kind === 'topic' ? { ...right, destination: undefined } : right)
      const known = required.get(key)
      if (known) known.addresses.add(change.address)
      else required.set(key, { right, addresses: new Set([change.address]) })
    }
  }
  return [...required.values()].map(({ right, addresses }) => ({ right, addresses: [...addresses] }))
}

/** The permissions that one change needs by itself. */
export function rightsOfChange(change: Change): Right[] {
  return rightsOf(change, new Surroundings([change], undefined, undefined))
}

/** The exchanges and bindings that a change depends on. */
class Surroundings {
  readonly #types = new Map<string, string>()
  readonly #bindings: readonly Binding[]
  #byEnd: Map<string, Binding[]> | undefined

  readonly #version: string | undefined

  constructor(changes: readonly Change[], live: Topology | undefined, version: string | undefined) {
    this.#version = version
    for (const each of live?.exchanges ?? []) this.#types.set(keyOf(each), each.type)
    for (const each of changes) {
      if (each.kind === 'exchange' && each.action !== 'delete') this.#types.set(keyOf(each.after), each.after.type)
    }
    this.#bindings = live?.bindings ?? []
  }

  isTopic(vhost: string, name: string): boolean {
    return this.#types.get(keyOf({ vhost, name })) === 'topic'
  }

  /** Whether the broker checks the virtual hosts of URIs to itself when a parameter is written. */
  checksOwnVhosts(component: string): boolean {
    if (component === 'shovel') return true
    return (
      component === 'federation-upstream' &&
      this.#version !== undefined &&
      isWithin(this.#version, UPSTREAMS_CHECKED_IN)
    )
  }

  bindingsTo(queue: Queue): readonly Binding[] {
    return this.#ends().get(`queue ${keyOf(queue)}`) ?? []
  }

  /** In both directions. */
  bindingsOf(exchange: Exchange): readonly Binding[] {
    return this.#ends().get(`exchange ${keyOf(exchange)}`) ?? []
  }

  #ends(): ReadonlyMap<string, readonly Binding[]> {
    if (this.#byEnd !== undefined) return this.#byEnd
    const ends = (this.#byEnd = new Map<string, Binding[]>())
    for (const each of this.#bindings) {
      const { vhost, source, destinationType, destination } = each
      const names = [
        `exchange ${keyOf({ vhost, name: source })}`,
        `${destinationType} ${keyOf({ vhost, name: destination })}`,
      ]
      for (const end of new Set(names)) {
        const there = ends.get(end)
        if (there) there.push(each)
        else ends.set(end, [each])
      }
    }
    return ends
  }
}

function keyOf({ vhost, name }: { readonly vhost: string; readonly name: string }): string {
  return JSON.stringify([vhost, name])
}

function rightsOf(change: Change, surroundings: Surroundings): Right[] {
  switch (change.kind) {
    case 'vhost':
    case 'user':
    case 'permission':
    case 'topic-permission':
    case 'operator-policy':
      return [{ kind: 'tag', tag: 'administrator' }]
    case 'policy':
    case 'global-parameter':
      return [{ kind: 'tag', tag: 'policymaker' }]
    case 'parameter':
      return ofParameter(change, surroundings)
    case 'exchange':
      return ofExchange(change, surroundings)
    case 'queue':
      return ofQueue(change, surroundings)
    case 'binding':
      return ofBinding(change, surroundings)
  }
}

/** rabbit_federation_parameters, validate_uri_vhost_access; shovels are checked in all versions. */
const UPSTREAMS_CHECKED_IN = [{ since: '4.2.9', until: '4.3.0' }, { since: '4.3.3' }]
const URI_KEYS = ['src-uri', 'dest-uri', 'uri']

function ofParameter(change: Of<'parameter'>, surroundings: Surroundings): Right[] {
  const tag: Right = { kind: 'tag', tag: 'policymaker' }
  if (change.action === 'delete' || !surroundings.checksOwnVhosts(change.after.component)) return [tag]
  const value = revealCredentials(change.after.value)
  if (typeof value !== 'object' || value === null) return [tag]
  const uris = Object.entries(value).flatMap(([key, each]: [string, unknown]) => (URI_KEYS.includes(key) ? each : []))
  const vhosts = uris.flatMap((uri) => (typeof uri === 'string' ? (ownVhostOf(uri) ?? []) : []))
  return [tag, ...vhosts.map((vhost): Right => ({ kind: 'vhost', vhost }))]
}

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

function ofExchange(change: Of<'exchange'>, surroundings: Surroundings): Right[] {
  switch (change.action) {
    case 'create':
    case 'update':
      return declareExchange(change.after)
    case 'delete':
      return [configure('exchange', change.before)]
    case 'replace': {
      if (change.how === 'undecided') return []
      const bindings = surroundings.bindingsOf(change.before)
      return [
        ...declareExchange(change.after),
        ...bindings.flatMap((each) => bind(each, surroundings)),
        ...(bindings.length > 0 ? [JOURNAL] : []),
      ]
    }
    case 'rename': {
      const { before, after, drops = [] } = change
      const renamed = (name: string) => (name === before.name ? after.name : name)
      const bindings = surroundings
        .bindingsOf(before)
        .filter((each) => !drops.includes(addressOf('binding', each)))
        .map((each) => ({
          ...each,
          source: renamed(each.source),
          ...(each.destinationType === 'exchange' && { destination: renamed(each.destination) }),
        }))
      return [
        ...declareExchange(after),
        configure('exchange', before),
        ...bindings.flatMap((each) => bind(each, surroundings)),
      ]
    }
  }
}

function ofQueue(change: Of<'queue'>, surroundings: Surroundings): Right[] {
  switch (change.action) {
    case 'create':
    case 'update':
      return declareQueue(change.after)
    case 'delete':
      return [
        configure('queue', change.before),
        ...surroundings.bindingsTo(change.before).flatMap((each) => bind(each, surroundings)),
      ]
    case 'replace':
      if (change.how === 'undecided') return []
      if (change.how === 'migrate') return moveQueue(change, surroundings)
      return [
        ...declareQueue(change.after),
        ...surroundings.bindingsTo(change.before).flatMap((each) => bind(each, surroundings)),
        ...((change.impact?.undeclaredBindings ?? 0) > 0 && change.after.role?.kind !== 'delay' ? [JOURNAL] : []),
      ]
    case 'rename':
      return moveQueue(change, surroundings)
  }
}

/**
 * Messages wait in a holding queue, which has the bindings of the queue, and are published to both queues through the
 * default exchange. The declared arguments are first tested on the holding queue.
 */
function moveQueue(
  { before, after }: Extract<WriteChange, { kind: 'queue'; action: 'replace' | 'rename' }>,
  surroundings: Surroundings,
): Right[] {
  const holding = holdingQueue(before)
  const queues = [...new Set([before.name, holding.name, after.name])].map((name) => ({ ...after, name }))
  const bindings = surroundings.bindingsTo(before)
  const rights: Right[] = [
    JOURNAL,
    ...queues.map((each) => configure('queue', each)),
    ...declareQueue({ ...after, name: holding.name }),
    ...declareQueue(after),
    ...queues.flatMap(({ name }) => bindings.flatMap((each) => bind({ ...each, destination: name }, surroundings))),
  ]
  if (drainsByItself(before, after)) return rights
  const { vhost } = before
  return [
    ...rights,
    read('queue', before),
    read('queue', holding),
    { kind: 'resource', right: 'write', vhost, resource: 'exchange', name: DEFAULT_EXCHANGE },
  ]
}

function ofBinding(change: Of<'binding'>, surroundings: Surroundings): Right[] {
  switch (change.action) {
    case 'create':
    case 'update':
      return bind(change.after, surroundings)
    case 'delete':
      return [change.before, ...(change.rebinds ?? []).map(({ binding }) => binding)].flatMap((each) =>
        bind(each, surroundings),
      )
    case 'replace':
      return [change.after, ...change.unbinds].flatMap((each) => bind(each, surroundings))
  }
}

/** A global parameter stores data that would be lost if the run were killed. */
const JOURNAL: TagRight = { kind: 'tag', tag: 'policymaker' }

/** The name of the default exchange in the broker's permission checks, because it has no name. */
const DEFAULT_EXCHANGE = 'amq.default'

/** An alternate exchange receives messages that an exchange cannot route (rabbit_channel, exchange.declare). */
function declareExchange(exchange: Exchange): Right[] {
  return [configure('exchange', exchange), ...passOn('exchange', exchange, exchange.arguments, 'alternate-exchange')]
}

/** A dead-letter exchange receives messages of a queue (rabbit_channel, queue.declare). */
function declareQueue(queue: Queue): Right[] {
  return [configure('queue', queue), ...passOn('queue', queue, queue.arguments, 'x-dead-letter-exchange')]
}

type Named = Pick<Queue, 'vhost' | 'name'>

function passOn(resource: 'exchange' | 'queue', object: Named, table: Arguments, argument: string): Right[] {
  const [target] = textIn(table, argument)
  if (target === undefined) return []
  const name = target === '' ? DEFAULT_EXCHANGE : target
  return [read(resource, object), { kind: 'resource', right: 'write', vhost: object.vhost, resource: 'exchange', name }]
}

/** Binding and unbinding need the same rights (rabbit_channel, binding_action). */
function bind(binding: Binding, surroundings: Surroundings): Right[] {
  const { vhost, source, destinationType, destination, routingKey } = binding
  return [
    { kind: 'resource', right: 'write', vhost, resource: destinationType, name: destination },
    read('exchange', { vhost, name: source }),
    ...(surroundings.isTopic(vhost, source)
      ? [{ kind: 'topic', vhost, exchange: source, routingKey, destination: { destinationType, destination } } as const]
      : []),
  ]
}

function configure(resource: 'exchange' | 'queue', { vhost, name }: Named): ResourceRight {
  return { kind: 'resource', right: 'configure', vhost, resource, name }
}

function read(resource: 'exchange' | 'queue', { vhost, name }: Named): ResourceRight {
  return { kind: 'resource', right: 'read', vhost, resource, name }
}
