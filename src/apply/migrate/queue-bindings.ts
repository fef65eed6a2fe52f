import { setTimeout as sleep } from 'node:timers/promises'
import { ExitCode } from '../../diagnostics/exit-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedBinding } from '../../broker/management/answers/received.ts'
import { deletes, writes } from '../../broker/management/writes.ts'
import { address, addressOf, canonicalJson } from '../../model/address.ts'
import type { Arguments } from '../../model/arguments.ts'
import type { Binding } from '../../model/topology.ts'
import type { MovedBinding } from '../../broker/records/move-journal.ts'

const TRIES = 4
const PAUSE = 250

/** The bindings of a queue, without the one to the default exchange; none when there is no such queue. */
export async function bindingsOf(client: ManagementClient, vhost: string, queue: string): Promise<MovedBinding[]> {
  return (await received(client, vhost, queue)).map(({ source, routing_key, arguments: table }) => ({
    source,
    routingKey: routing_key,
    // An empty table is a list in the JSON of some brokers.
    arguments: (Array.isArray(table) ? {} : table) as Arguments,
  }))
}

/** The address that a binding has, or would have, with this queue as its destination. */
export function addressFor(vhost: string, queue: string, binding: MovedBinding): string {
  const ends: Omit<Binding, keyof MovedBinding> = { vhost, destinationType: 'queue', destination: queue }
  return addressOf('binding', { ...ends, ...binding })
}

/** All of both, each once. */
export function union(one: readonly MovedBinding[], other: readonly MovedBinding[]): MovedBinding[] {
  return [...new Map([...one, ...other].map((each) => [keyOf(each), each])).values()]
}

/** Binds a queue, and reads back that it is. */
export async function bindAll(
  client: ManagementClient,
  vhost: string,
  queue: string,
  bindings: readonly MovedBinding[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const there = new Set((await bindingsOf(client, vhost, queue)).map(keyOf))
    const missing = bindings.filter((each) => !there.has(keyOf(each)))
    if (missing.length === 0) return
    if (attempt > TRIES) {
      const at = missing.map((each) => addressFor(vhost, queue, each)).join(', ')
      throw new WarrenError(`the broker accepted bindings that are not there: ${at}`, {
        exitCode: ExitCode.unreachable,
      })
    }
    if (attempt > 1) await sleep(PAUSE)
    for (const { source, routingKey, arguments: table } of missing) {
      const ends = { vhost, source, destinationType: 'queue', destination: queue } as const
      await writes.postBinding(client, ends, { routing_key: routingKey, arguments: table })
    }
  }
}

/** Removes all bindings of a queue but the one to the default exchange, and reads back that they are gone. */
export async function unbindAll(client: ManagementClient, vhost: string, queue: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const left = await received(client, vhost, queue)
    if (left.length === 0) return
    if (attempt > TRIES) {
      throw new WarrenError(`${address('queue', vhost, queue)} is bound again as soon as it is unbound`, {
        exitCode: ExitCode.unreachable,
        hint: 'stop the program that binds it, and run it again',
      })
    }
    if (attempt > 1) await sleep(PAUSE)
    for (const { source, properties_key } of left) {
      const ends = { vhost, source, destinationType: 'queue', destination: queue } as const
      await deletes.binding(client, ends, properties_key)
    }
  }
}

async function received(client: ManagementClient, vhost: string, queue: string): Promise<ReceivedBinding[]> {
  try {
    return (await reads.bindingsOfQueue(client, vhost, queue)).filter(({ source }) => source !== '')
  } catch (error) {
    if (error instanceof ManagementError && error.isNotFound()) return []
    throw error
  }
}

function keyOf({ source, routingKey, arguments: table }: MovedBinding): string {
  return canonicalJson([source, routingKey, table])
}
