import { chooseQueue } from '../../operate/dead-letters/dead-letter-queues.ts'
import { peek } from '../../operate/dead-letters/peek.ts'
import type { PeekReport } from '../../operate/dead-letters/reports.ts'
import { address } from '../../model/address.ts'
import type { DeadLetterChoice } from './dead-letter-choice.ts'
import { findDeadLetterQueues, type FromFiles, withBroker } from './dead-letter-session.ts'
import { stateToLook } from './dead-letter-state.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface PeekOptions extends DeadLetterChoice {
  /** The maximum number of messages to show. Default 20. */
  readonly limit?: number
  /** The maximum length of each body, in bytes. Default 0. */
  readonly bodyBytes?: number
}

const DEFAULT_LIMIT = 20

/**
 * Shows the first dead letters of a queue, and leaves them in it.
 *
 * @throws {WarrenError} `UNKNOWN_NAME` when no such queue is declared, `AMBIGUOUS_QUEUE` when the name means more
 *   than one
 * @throws {WarrenError} `MISSING_OBJECT` when the queue does not exist, `NOT_A_QUEUE` when it is a stream
 * @throws {WarrenError} `DELIVERY_LIMIT` or `QUEUE_DELETES_ITSELF` when reading the messages would lose some
 * @throws {WarrenError} `UNREACHABLE` or `WRONG_BROKER` when the broker cannot be reached, `ACCESS_REFUSED` when it
 *   refuses the login
 */
export async function peekDeadLetters(options: PeekOptions): Promise<PeekReport & FromFiles> {
  return withSecrets(options, peekAt)
}

async function peekAt(options: PeekOptions & { readonly secrets: SecretRegistry }): Promise<PeekReport & FromFiles> {
  const { queues, place, unread: _, ...fromFiles } = await findDeadLetterQueues(options)
  const from = chooseQueue(queues, options.queue, place)
  return withBroker(options, from.vhost, async (session) => {
    const { ready, consumers } = await stateToLook(session, from, options.useDeliveries === true)
    const { filter = {}, limit = DEFAULT_LIMIT, bodyBytes = 0 } = options
    const order = { from, count: ready, filter, limit, bodyBytes }
    const peeked = await peek(await session.amqp.opened(from.vhost), order)
    const queue = address('queue', from.vhost, from.name)
    return { broker: session.broker, queue, name: from.name, ready, consumers, ...peeked, ...fromFiles }
  })
}
