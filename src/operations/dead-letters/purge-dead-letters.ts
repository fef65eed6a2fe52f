import { chooseQueue } from '../../operate/dead-letters/dead-letter-queues.ts'
import { purge, type PurgeFound } from '../../operate/dead-letters/purge.ts'
import type { PurgeQuestion, PurgeReport } from '../../operate/dead-letters/reports.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { address } from '../../model/address.ts'
import type { DeadLetterChoice } from './dead-letter-choice.ts'
import { findDeadLetterQueues, type FromFiles, withBroker } from './dead-letter-session.ts'
import { stateToLook } from './dead-letter-state.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface PurgeOptions extends DeadLetterChoice {
  /** Deletes the first `limit` matching messages. Default: all messages that are in the queue at the start. */
  readonly limit?: number
  /** Deletes nothing if more messages than this would be deleted. Default: no bound. */
  readonly max?: number
  /** Only counts the messages that would be deleted. Default false. */
  readonly dryRun?: boolean
  /** Called with the messages that are held; if it returns false, all of them are requeued. Default: yes. */
  readonly confirm?: (question: PurgeQuestion) => Promise<boolean>
}

/**
 * Deletes dead letters. It holds the messages while it asks, so it deletes only messages that it has counted.
 *
 * @throws {WarrenError} `UNKNOWN_NAME` when no such queue is declared, `AMBIGUOUS_QUEUE` when the name means more
 *   than one
 * @throws {WarrenError} `MISSING_OBJECT` when the queue does not exist, `NOT_A_QUEUE` when it is a stream
 * @throws {WarrenError} `DELIVERY_LIMIT` or `QUEUE_DELETES_ITSELF` when reading the messages would lose some
 * @throws {WarrenError} `TOO_MANY_MESSAGES` when more than `max` would be deleted
 * @throws {WarrenError} `PARTIALLY_APPLIED` when it failed after some of them may have been deleted
 * @throws {WarrenError} `UNREACHABLE` or `WRONG_BROKER` when the broker cannot be reached, `ACCESS_REFUSED` when it
 *   refuses the login
 */
export async function purgeDeadLetters(options: PurgeOptions): Promise<PurgeReport & FromFiles> {
  return withSecrets(options, purgeChosen)
}

async function purgeChosen(
  options: PurgeOptions & { readonly secrets: SecretRegistry },
): Promise<PurgeReport & FromFiles> {
  const { queues, place, unread: _, ...fromFiles } = await findDeadLetterQueues(options)
  const from = chooseQueue(queues, options.queue, place)
  const { filter = {}, limit, max = Infinity, dryRun = false, confirm } = options
  return withBroker(options, from.vhost, async (session) => {
    const { ready, consumers } = await stateToLook(session, from, options.useDeliveries === true)
    const queue = address('queue', from.vhost, from.name)
    const about = { broker: session.broker, queue, name: from.name, ready, consumers }
    const answer = { isNo: false }
    const decide = async (found: PurgeFound): Promise<boolean> => {
      if (dryRun) return false
      if (found.summary.messages > max) throw tooMany(queue, found.summary.messages, max)
      answer.isNo = confirm !== undefined && !(await confirm({ ...about, ...found }))
      return !answer.isNo
    }
    const order = { from, count: ready, filter, ...(limit !== undefined && { limit }) }
    const purged = await purge(await session.amqp.opened(from.vhost), order, decide)
    return { ...about, ...purged, dryRun, ...(answer.isNo && { notConfirmed: true }), ...fromFiles }
  })
}

function tooMany(queue: string, messages: number, max: number): WarrenError {
  return new WarrenError(`${messages} dead letters of ${queue} would be deleted, and --max allows ${max}`, {
    code: 'TOO_MANY_MESSAGES',
    hint: 'none was deleted; look at them with `warren dlq peek`, then pass a higher number or a filter',
  })
}
