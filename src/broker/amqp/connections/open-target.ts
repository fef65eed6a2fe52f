import { WarrenError } from '../../../diagnostics/warren-error.ts'
import { textOf } from '../../../model/secrets/secret.ts'
import type { AmqpTarget } from './amqp-target.ts'
import { explainConnectionRefusal } from './connection-refusal.ts'
import { requireExpectedBroker } from './expected-broker.ts'
import { openConnection, type OpenConnection } from './open-connection.ts'

/** How long the broker may take to accept a connection or to answer a request, in milliseconds. */
export const DEFAULT_TIMEOUT = 30_000
/** In seconds. A frozen broker is detected after twice this time. */
const HEARTBEAT = 15
/** How long a connection to the wrong broker may take to close, in milliseconds. */
const CLOSE_DEADLINE = 2_000

/**
 * Opens a connection to the broker that a command works on.
 *
 * @param name the connection name that RabbitMQ shows
 * @param signal ends the attempt; a connection that is open stays open
 * @throws {WarrenError} that gives the reason, without any part of the login
 */
export async function openTarget(
  target: AmqpTarget,
  vhost: string,
  name: string,
  signal?: AbortSignal,
): Promise<OpenConnection> {
  const { protocol, hostname, port, user, password, tls, timeout = DEFAULT_TIMEOUT, answerLimit } = target
  let connection: OpenConnection
  try {
    connection = await openConnection(
      { protocol, hostname, port, username: user, password: textOf(password), vhost, heartbeat: HEARTBEAT, name },
      { ...tls },
      { connect: timeout, answer: answerLimit, signal },
    )
  } catch (error) {
    const { code, message, hint } = explainConnectionRefusal(error, target, vhost)
    throw new WarrenError(message, { code, hint, cause: error })
  }
  try {
    requireExpectedBroker(target, connection.clusterName)
  } catch (error) {
    await connection.close(CLOSE_DEADLINE)
    throw error
  }
  return connection
}
