import { DEFAULT_PORTS, hostOfUrl } from '../../model/amqp/amqp-address.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { ManagementConnection } from '../../broker/management/connection.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedListener } from '../../broker/management/answers/received.ts'
import { Amqp } from '../../broker/amqp/connections/amqp.ts'
import type { AmqpTarget } from '../../broker/amqp/connections/amqp-target.ts'
import { WrongBrokerError } from '../../broker/amqp/connections/expected-broker.ts'

/** AMQP, or the reason why it cannot be reached. */
export type AmqpLink = { readonly amqp: Amqp } | { readonly missing: string }

/** How long AMQP may take to answer before a run continues without it, in milliseconds. */
const PATIENCE = 10_000

/**
 * Connects over AMQP, by default with the login of the management API.
 *
 * Every connection of the link has to lead to the broker of the management API. Otherwise warren would count the
 * messages of one broker to decide about the queues of another.
 *
 * @param vhost an existing vhost to connect to
 * @param signal ends every wait for the broker five seconds after it was aborted
 * @throws {WrongBrokerError} when AMQP leads to another broker than the management API
 */
export async function openAmqp(
  client: ManagementClient,
  connection: ManagementConnection,
  vhost: string,
  given: AmqpTarget | undefined,
  signal?: AbortSignal,
): Promise<AmqpLink> {
  const amqp = await amqpOf(client, connection, given, signal)
  try {
    await amqp.connection(vhost)
    return { amqp }
  } catch (error) {
    await amqp.close()
    if (!(error instanceof WarrenError) || error instanceof WrongBrokerError) throw error
    // Unless the broker reports the port, it is a guess, and a proxy or a container may use another one.
    return { missing: given === undefined ? `${error.message}; give its address with --amqp-url` : error.message }
  }
}

/**
 * AMQP to the broker of the management API. It connects at its first use, for virtual hosts that a run creates.
 *
 * @param signal ends every wait for the broker five seconds after it was aborted
 */
export async function amqpOf(
  client: ManagementClient,
  connection: ManagementConnection,
  given: AmqpTarget | undefined,
  signal?: AbortSignal,
): Promise<Amqp> {
  const { listeners = [], cluster_name: clusterName } = await reads.amqpAccess(client)
  const target = given ?? targetOf(connection, listeners)
  client.secrets.addLogin(target.user, target.password)
  return new Amqp({ ...target, expectedBroker: { clusterName, url: client.url } }, signal)
}

/**
 * Checks that AMQP leads to the broker of the management API, if AMQP can be reached.
 *
 * @throws {WrongBrokerError} when AMQP leads to another broker
 */
export async function requireOneBroker(
  client: ManagementClient,
  connection: ManagementConnection,
  target: AmqpTarget,
): Promise<void> {
  const [first] = await reads.vhosts(client)
  if (first !== undefined) await closeAmqp(await openAmqp(client, connection, first.name, target))
}

/** Closes the AMQP connections of the link. */
export async function closeAmqp(link: AmqpLink | undefined): Promise<void> {
  if (link !== undefined && 'amqp' in link) await link.amqp.close()
}

/**
 * The host of the API, and the AMQP port that the broker reports. Not every login may read that port, so there are
 * defaults.
 */
function targetOf(connection: ManagementConnection, listeners: readonly ReceivedListener[]): AmqpTarget {
  const url = new URL(connection.url)
  const scheme = url.protocol
  const portOf = (name: string) => listeners.find(({ protocol }) => protocol === name)?.port
  const [plain, encrypted] = [portOf('amqp'), portOf('amqp/ssl')]
  // If the API is used over TLS, AMQP must not send messages in clear text.
  const isEncrypted = encrypted !== undefined && (scheme === 'https:' || plain === undefined)
  const protocol = isEncrypted || (plain === undefined && scheme === 'https:') ? 'amqps' : 'amqp'
  return {
    protocol,
    hostname: hostOfUrl(url),
    port: (protocol === 'amqps' ? encrypted : plain) ?? DEFAULT_PORTS[protocol],
    user: connection.user,
    password: connection.password,
    ...(connection.tls && { tls: connection.tls }),
    timeout: Math.min(connection.timeout ?? PATIENCE, PATIENCE),
  }
}
