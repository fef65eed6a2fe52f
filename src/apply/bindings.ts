import { setTimeout as sleep } from 'node:timers/promises'
import { liveBinding } from '../broker/live/normalize.ts'
import type { ManagementClient } from '../broker/management/client.ts'
import { orIfMissing } from '../broker/management/errors.ts'
import { reads } from '../broker/management/reads.ts'
import type { ReceivedBinding } from '../broker/management/answers/received.ts'
import { deletes, writes } from '../broker/management/writes.ts'
import type { MovedBinding } from '../broker/records/move-journal.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { address, addressOf, canonicalJson } from '../model/address.ts'
import type { Binding } from '../model/topology.ts'

/*
 * The only file of `apply` that reads, creates or removes bindings: prune, replace and migrate all go through it.
 * Only `broker/management` knows how a URL contains a binding.
 */

/** A binding as it is on the broker now. */
export interface LiveBinding {
  readonly address: string
  readonly binding: Binding
  /** Distinguishes bindings between the same ends, in the broker's own format. */
  readonly propertiesKey: string
}

/** A queue or an exchange that bindings lead to. */
export type Destination = Pick<Binding, 'vhost' | 'destinationType' | 'destination'>

/** A queue as the destination of bindings. */
export function toQueue(vhost: string, queue: string): Destination {
  return { vhost, destinationType: 'queue', destination: queue }
}

/** Reads the bindings of a virtual host in one request, without those of the default exchange. */
export async function readBindings(client: ManagementClient, vhost: string): Promise<readonly LiveBinding[]> {
  return asLive(await reads.bindings(client, vhost))
}

/**
 * Reads the bindings to one queue or exchange, which is quick even if the virtual host has many. Returns none if the
 * destination does not exist.
 */
export async function readBindingsTo(
  client: ManagementClient,
  { vhost, destinationType, destination }: Destination,
): Promise<readonly LiveBinding[]> {
  const read = destinationType === 'queue' ? reads.bindingsOfQueue : reads.bindingsToExchange
  return asLive(await orIfMissing(read(client, vhost, destination), []))
}

function asLive(received: readonly ReceivedBinding[]): readonly LiveBinding[] {
  return received
    .filter(({ source }) => source !== '')
    .map((each) => {
      const binding = liveBinding(each)
      return { address: addressOf('binding', binding), binding, propertiesKey: each.properties_key }
    })
}

export async function bind(client: ManagementClient, binding: Binding): Promise<void> {
  await writes.postBinding(client, binding, { routing_key: binding.routingKey, arguments: binding.arguments })
}

export async function unbind(client: ManagementClient, { binding, propertiesKey }: LiveBinding): Promise<void> {
  await deletes.binding(client, binding, propertiesKey)
}

const ATTEMPTS = 4
const PAUSE = 250

/** Binds a queue, and reads back that it is bound. */
export async function bindAll(
  client: ManagementClient,
  queue: Destination,
  bindings: readonly MovedBinding[],
): Promise<void> {
  const wanted = bindings.map((each) => bindingTo(queue, each))
  for (let attempt = 1; ; attempt += 1) {
    const present = new Set((await readBindingsTo(client, queue)).map((each) => each.address))
    const missing = wanted.filter((each) => !present.has(addressOf('binding', each)))
    if (missing.length === 0) return
    if (attempt > ATTEMPTS) {
      const at = missing.map((each) => addressOf('binding', each)).join(', ')
      throw new WarrenError(`the broker accepted these bindings, but they do not exist: ${at}`, {
        code: 'MOVE_FAILED',
      })
    }
    if (attempt > 1) await sleep(PAUSE)
    for (const each of missing) await bind(client, each)
  }
}

/** Removes all bindings of a queue except the one to the default exchange, and reads back that they are removed. */
export async function unbindAll(client: ManagementClient, queue: Destination): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const left = await readBindingsTo(client, queue)
    if (left.length === 0) return
    if (attempt > ATTEMPTS) {
      const where = address('queue', queue.vhost, queue.destination)
      throw new WarrenError(`${where} is bound again each time that warren unbinds it`, {
        code: 'MOVE_FAILED',
        hint: 'stop the program that binds it, and run the command again',
      })
    }
    if (attempt > 1) await sleep(PAUSE)
    for (const each of left) await unbind(client, each)
  }
}

/** Reads the bindings of a queue in the form in which the journal of migrations stores them. */
export async function readMovedBindings(client: ManagementClient, queue: Destination): Promise<MovedBinding[]> {
  return (await readBindingsTo(client, queue)).map(({ binding }) => movedBinding(binding))
}

/** A binding without its destination. */
export function movedBinding({ source, routingKey, arguments: table }: Binding): MovedBinding {
  // Some brokers return an empty table as a list.
  return { source, routingKey, arguments: Array.isArray(table) ? {} : table }
}

/** The binding of a destination that corresponds to a moved one. */
export function bindingTo(destination: Destination, binding: MovedBinding): Binding {
  return { ...destination, ...binding }
}

/** The bindings of both lists, each once. */
export function unionOf(one: readonly MovedBinding[], other: readonly MovedBinding[]): MovedBinding[] {
  const keyOf = ({ source, routingKey, arguments: table }: MovedBinding) => canonicalJson([source, routingKey, table])
  return [...new Map([...one, ...other].map((each) => [keyOf(each), each])).values()]
}

export function isBoundTo(queue: string): (binding: LiveBinding) => boolean {
  return ({ binding }) => binding.destinationType === 'queue' && binding.destination === queue
}

/** Whether a binding leads from or to an exchange. */
export function isOfExchange(exchange: string): (binding: LiveBinding) => boolean {
  return (each) => exchangesOf(each).includes(exchange)
}

/**
 * By address. Bindings that differ only in the width of a number look the same and are different bindings
 * (rabbit_mgmt_format).
 */
export function groupByAddress(live: readonly LiveBinding[]): ReadonlyMap<string, readonly LiveBinding[]> {
  return groupBy(live, (each) => [each.address])
}

/** The bindings to each queue of one virtual host, by its name. */
export function groupByQueue(live: readonly LiveBinding[]): ReadonlyMap<string, readonly LiveBinding[]> {
  return groupBy(live, ({ binding }) => (binding.destinationType === 'queue' ? [binding.destination] : []))
}

/** The bindings from and to each exchange, by its address. */
export function groupByExchange(live: readonly LiveBinding[]): ReadonlyMap<string, readonly LiveBinding[]> {
  return groupBy(live, (each) => exchangesOf(each).map((name) => address('exchange', each.binding.vhost, name)))
}

function exchangesOf({ binding: { source, destinationType, destination } }: LiveBinding): readonly string[] {
  return [...new Set([source, ...(destinationType === 'exchange' ? [destination] : [])])]
}

function groupBy(
  live: readonly LiveBinding[],
  keysOf: (binding: LiveBinding) => readonly string[],
): ReadonlyMap<string, readonly LiveBinding[]> {
  const groups = new Map<string, LiveBinding[]>()
  for (const each of live) {
    for (const key of keysOf(each)) {
      const group = groups.get(key)
      if (group) group.push(each)
      else groups.set(key, [each])
    }
  }
  return groups
}
