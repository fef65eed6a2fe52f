import type { Arguments } from '../../model/arguments.ts'
import type { Desired } from '../../model/desired.ts'
import { consumedQueues, type FailureRule, type Subscription } from '../../model/routes.ts'
import type { Queue, Topology, VirtualHost } from '../../model/topology.ts'

/** The time between two different scaled durations, in milliseconds. */
const STEP = 100
/** Longer than any run of tests, in milliseconds. */
const DAY = 86_400_000
const MANY_MESSAGES = 1_000_000
const MANY_BYTES = 1_000_000_000

const TTL = /^(?:x-)?message-ttl$/
const EXPIRES = /^(?:x-)?expires$/
const LENGTH = /^(?:x-)?max-length$/
const LENGTH_BYTES = /^(?:x-)?max-length-bytes$/

/** The delays of a subscription's retries in tests, by the declared delays. Both in milliseconds. */
export type ScaledDelays = ReadonlyMap<number, number>

/** A topology in which messages remain in the queues that they reach: none expires, and no limit is reached. */
export function lasting(desired: Desired): Desired {
  return withSettings(desired, () => DAY)
}

/**
 * A topology in which messages expire within tests. Each time to live becomes a multiple of 100 ms, in the order of the
 * declared times.
 */
export function expiring(desired: Desired): Desired {
  const { queues, policies, operatorPolicies } = desired.topology
  const tables = [
    ...queues.map((each) => each.arguments),
    ...[...policies, ...operatorPolicies].map((each) => each.definition),
  ]
  const scaled = scaledBy(tables.flatMap((table) => Object.entries(table).flatMap(([key, value]) => ttlOf(key, value))))
  return withSettings(desired, (ttl) => scaled.get(ttl) ?? ttl)
}

function ttlOf(key: string, value: unknown): number[] {
  return TTL.test(key) && typeof value === 'number' ? [value] : []
}

/**
 * A topology in which the retries of some subscriptions follow each other quickly, and messages remain in all other
 * queues. It has only those settings of subscriptions that affect failures.
 */
export function retrying(
  desired: Desired,
  isTested: (subscription: Subscription) => boolean,
): { readonly desired: Desired; readonly delays: ReadonlyMap<string, ScaledDelays> } {
  const quick = new Map<string, Queue['arguments']>()
  const delays = new Map<string, ScaledDelays>()
  const subscriptions = desired.routes.subscriptions.map((subscription): Subscription => {
    const { name, vhost, queueType, failure } = subscription
    // The messages of all partitions of a super stream fail in the same way, so one of them is enough.
    const [queue = subscription.queue] = consumedQueues(subscription)
    const own = { name, vhost, queue, ...(queueType !== undefined && { queueType }) }
    if (!isTested(subscription)) return { ...own, failure }
    const { rule, scaled } = quickly(failure)
    delays.set(keyOf(vhost, name), scaled)
    if (rule.kind === 'ladder') {
      for (const each of rule.delays) {
        if (each.delay > 0) quick.set(keyOf(vhost, each.queue), { 'x-message-ttl': each.delay })
      }
    } else if (rule.kind === 'native') {
      quick.set(keyOf(vhost, queue), { 'x-delayed-retry-min': rule.min, 'x-delayed-retry-max': rule.max })
    }
    return { ...own, failure: rule }
  })
  const slow = lasting(desired)
  const queues = slow.topology.queues.map((queue) => {
    const own = quick.get(keyOf(queue.vhost, queue.name))
    return own === undefined ? queue : { ...queue, arguments: { ...queue.arguments, ...own } }
  })
  return {
    desired: { ...slow, topology: { ...slow.topology, queues }, routes: { publications: [], subscriptions } },
    delays,
  }
}

/** The key of a subscription or queue of a vhost. */
export function keyOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name])
}

function quickly(failure: FailureRule): { readonly rule: FailureRule; readonly scaled: ScaledDelays } {
  if (failure.kind === 'ladder') {
    const scaled = scaledBy(failure.delays.map(({ delay }) => delay))
    const delays = failure.delays.map((each) => ({ ...each, delay: scaled.get(each.delay) ?? each.delay }))
    return { rule: { ...failure, delays }, scaled }
  }
  if (failure.kind === 'native') {
    const { min, max, attempts } = failure
    const declared = Array.from({ length: attempts }, (_, index) => Math.min(min * (index + 1), max))
    const shortest = { min: STEP, max: Math.max(STEP, Math.round((max / min) * STEP)) }
    const scaled = new Map(
      declared.map((delay, index) => [delay, Math.min(shortest.min * (index + 1), shortest.max)] as const),
    )
    return { rule: { ...failure, ...shortest }, scaled }
  }
  return { rule: failure, scaled: new Map() }
}

/** Zero remains zero. The other times become steps, the shortest first. */
function scaledBy(durations: readonly number[]): ReadonlyMap<number, number> {
  const positive = [...new Set(durations)].filter((each) => each > 0).toSorted((a, b) => a - b)
  return new Map([[0, 0], ...positive.map((each, index) => [each, (index + 1) * STEP] as const)])
}

function withSettings(desired: Desired, ttlOfTest: (ttl: number) => number): Desired {
  const settings = <T extends Arguments>(table: T): T =>
    Object.fromEntries(Object.entries(table).map(([key, value]) => [key, settingOf(key, value, ttlOfTest)])) as T
  const { topology } = desired
  return {
    ...desired,
    topology: {
      ...topology,
      // A limit of connections or queues may leave no room for the tests.
      vhosts: topology.vhosts.map(withoutLimits),
      queues: topology.queues.map((queue) => ({ ...queue, arguments: settings(queue.arguments) })),
      policies: topology.policies.map((each) => ({ ...each, definition: settings(each.definition) })),
      operatorPolicies: topology.operatorPolicies.map((each) => ({ ...each, definition: settings(each.definition) })),
      // A shovel or an upstream would move messages of vhosts that are in use.
      parameters: [],
      globalParameters: [],
    },
  }
}

function withoutLimits({ limits: _limits, ...vhost }: VirtualHost): VirtualHost {
  return vhost
}

function settingOf(key: string, value: unknown, ttlOfTest: (ttl: number) => number): unknown {
  if (typeof value !== 'number') return value
  if (TTL.test(key)) return ttlOfTest(value)
  if (EXPIRES.test(key)) return DAY
  // A limit of 0 is intended. Other limits would count the messages of several tests together.
  if (value === 0) return value
  if (LENGTH.test(key)) return Math.max(value, MANY_MESSAGES)
  return LENGTH_BYTES.test(key) ? Math.max(value, MANY_BYTES) : value
}

/** The part of a topology in some vhosts, with or without its users. */
export function inVhosts(desired: Desired, names: ReadonlySet<string>, withUsers: boolean): Desired {
  const { topology, routes } = desired
  const here = <T extends { readonly vhost: string }>(objects: readonly T[]) =>
    objects.filter(({ vhost }) => names.has(vhost))
  const only: Topology = {
    vhosts: topology.vhosts.filter(({ name }) => names.has(name)),
    exchanges: here(topology.exchanges),
    queues: here(topology.queues),
    bindings: here(topology.bindings),
    users: withUsers ? topology.users : [],
    permissions: withUsers ? here(topology.permissions) : [],
    topicPermissions: withUsers ? here(topology.topicPermissions) : [],
    policies: here(topology.policies),
    operatorPolicies: here(topology.operatorPolicies),
    parameters: here(topology.parameters),
    globalParameters: [],
  }
  return {
    project: desired.project,
    topology: only,
    routes: { publications: here(routes.publications), subscriptions: here(routes.subscriptions) },
    deadLetters: [],
    secrets: desired.secrets,
  }
}
