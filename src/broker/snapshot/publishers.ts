import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import { isTable } from '../../model/values/table.ts'
import type { Snapshot } from './snapshot.ts'

/** A user whose open channels have published to an exchange. */
export interface Publisher {
  readonly vhost: string
  readonly exchange: string
  readonly user: string
}

/**
 * Reads who publishes to which exchange, sorted. Undefined unless the `rates_mode` of the broker is `detailed`, because
 * it does not keep this otherwise. It asks for each exchange that has received messages, since lists do not say it.
 */
export async function readPublishers(
  client: ManagementClient,
  { statistics, vhosts }: Snapshot,
): Promise<readonly Publisher[] | undefined> {
  if (statistics?.collected !== true || statistics.ratesMode !== 'detailed') return undefined
  const found = await Promise.all(vhosts.map(({ name }) => publishersIn(client, name)))
  return found.flat().toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

async function publishersIn(client: ManagementClient, vhost: string): Promise<readonly Publisher[]> {
  const used = (await reads.exchangeUse(client, vhost)).filter((each) => (each.message_stats?.publish_in ?? 0) > 0)
  const found = await Promise.all(
    used.map(async ({ name: exchange }) => {
      const users = new Set((await incoming(client, vhost, exchange)).flatMap(userOf))
      return Array.from(users, (user) => ({ vhost, exchange, user }))
    }),
  )
  return found.flat()
}

/** An exchange may have been deleted since. */
async function incoming(client: ManagementClient, vhost: string, exchange: string): Promise<readonly unknown[]> {
  try {
    return (await reads.exchangeIncoming(client, vhost, exchange)).incoming ?? []
  } catch (error) {
    if (error instanceof ManagementError && error.status < 500) return []
    throw error
  }
}

/** A channel that has ended is an empty list. */
function userOf(entry: unknown): readonly string[] {
  const channel = isTable(entry) ? entry['channel_details'] : undefined
  const user = isTable(channel) ? channel['user'] : undefined
  return typeof user === 'string' ? [user] : []
}

function keyOf({ vhost, exchange, user }: Publisher): string {
  return JSON.stringify([vhost, exchange, user])
}
