import type { Client, ConnectionHealth } from '../../broker/snapshot/health.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { CheckContext } from './check-context.ts'

/** The current connections in the examined vhosts. */
export function connectionsIn({ last, vhosts }: CheckContext): readonly ConnectionHealth[] {
  const names = new Set(vhosts.map(({ name }) => name))
  return (last.connections ?? []).filter(({ vhost }) => vhost === undefined || names.has(vhost))
}

/** Connections that began after the first look, or ended before the last one. */
export function churningConnections({ looks, first, last }: CheckContext): readonly Client[] {
  const [atFirst, atLast] = [namesOf(first.connections), namesOf(last.connections)]
  const all = new Map(looks.flatMap(({ connections = [] }) => connections.map((each) => [each.connection, each])))
  return [...all.values()].filter(({ connection }) => !atFirst.has(connection) || !atLast.has(connection))
}

/**
 * The clients whose channels appeared, disappeared, or began to count again between two checks. The broker keeps no
 * list of closed channels.
 */
export function churningChannels({ looks }: CheckContext): readonly Client[] {
  const churning = new Set<string>()
  for (const [index, { channels = [] }] of looks.entries()) {
    const before = looks[index - 1]?.channels
    if (before === undefined) continue
    const [earlier, later] = [byName(before), byName(channels)]
    for (const name of new Set([...earlier.keys(), ...later.keys()])) {
      const [one, other] = [earlier.get(name), later.get(name)]
      const connection = (one ?? other)?.connection
      const isSame = one !== undefined && other !== undefined && other.messages >= one.messages
      if (!isSame && connection !== undefined) churning.add(connection)
    }
  }
  const all = new Map(looks.flatMap(({ connections = [] }) => connections.map((each) => [each.connection, each])))
  return [...churning].flatMap((name) => all.get(name) ?? [])
}

function namesOf(connections: readonly ConnectionHealth[] = []): ReadonlySet<string> {
  return new Set(connections.map(({ connection }) => connection))
}

function byName<T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((each) => [each.name, each]))
}

/** How many clients a sentence names. */
const MOST_NAMED = 5

/** `shop-worker (user shop, amqplib 0.10.4, 10.0.0.7) × 3`, those with the most connections first. */
export function describeClients(clients: readonly Client[]): string {
  const counts = new Map<string, number>()
  for (const each of clients) counts.set(describeClient(each), (counts.get(describeClient(each)) ?? 0) + 1)
  const all = [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  const named = all
    .slice(0, MOST_NAMED)
    .map(([client, count]) => (count === 1 ? client : `${client} × ${withCommas(count)}`))
  const rest = all.length - named.length
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** A client without its port, which differs with every connection. */
export function describeClient({ user, name, product, address }: Client): string {
  const host = address?.replace(/:\d+$/, '')
  const facts = [
    ...(user === undefined ? [] : [`user ${user}`]),
    ...[product, host].filter((each) => each !== undefined),
  ]
  if (name === undefined) return facts.length === 0 ? 'an unnamed client' : facts.join(', ')
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`
}
