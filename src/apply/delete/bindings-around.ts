import type { ManagementClient } from '../../broker/management/client.ts'
import { address } from '../../model/address.ts'
import type { DeleteChange } from '../../plan/plan.ts'
import { type LiveBinding, readBindings } from '../write/live-bindings.ts'

/** The bindings of the virtual hosts in which bindings or exchanges are deleted. */
export async function bindingsAround(
  client: ManagementClient,
  changes: readonly DeleteChange[],
): Promise<readonly LiveBinding[]> {
  const vhosts = new Set(
    changes.flatMap((change) => (change.kind === 'binding' || change.kind === 'exchange' ? change.before.vhost : [])),
  )
  const live: LiveBinding[] = []
  for (const vhost of vhosts) live.push(...(await readBindings(client, vhost)))
  return live
}

/** The keys by which the API deletes each binding, by its address. */
export function keysOf(live: readonly LiveBinding[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>()
  for (const each of live) {
    const there = keys.get(each.address)
    if (there) there.push(each.propertiesKey)
    else keys.set(each.address, [each.propertiesKey])
  }
  return keys
}

/** The bindings from and to each exchange, by its address. */
export function groupByExchange(live: readonly LiveBinding[]): ReadonlyMap<string, readonly LiveBinding[]> {
  const groups = new Map<string, LiveBinding[]>()
  for (const each of live) {
    const { vhost, source, destinationType, destination } = each.binding
    for (const name of new Set([source, ...(destinationType === 'exchange' ? [destination] : [])])) {
      const at = address('exchange', vhost, name)
      const group = groups.get(at)
      if (group) group.push(each)
      else groups.set(at, [each])
    }
  }
  return groups
}
