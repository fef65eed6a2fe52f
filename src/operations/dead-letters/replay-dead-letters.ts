import { chooseQueue } from '../../operate/dead-letters/dead-letter-queues.ts'
import { replay } from '../../operate/dead-letters/replay.ts'
import type { ReplayQuestion, ReplayReport } from '../../operate/dead-letters/reports.ts'
import { address } from '../../model/address.ts'
import type { Rate } from '../../model/routes.ts'
import type { DeadLetterChoice } from './dead-letter-choice.ts'
import { findDeadLetterQueues, type FromFiles, withBroker } from './dead-letter-session.ts'
import { stateToLook } from './dead-letter-state.ts'
import { requireReturnRoutes } from '../session/return-route.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ReplayOptions extends DeadLetterChoice {
  /** Replays at most `limit` messages. Default: all messages that are in the queue at the start. */
  readonly limit?: number
  /** The maximum rate. Default: as fast as the broker accepts messages. */
  readonly rate?: Rate
  /** Only counts the messages that would be replayed. Default false. */
  readonly dryRun?: boolean
  /** Called before the first message is taken, unless it is a dry run; if it returns false, nothing changes. Default: yes. */
  readonly confirm?: (about: ReplayQuestion) => Promise<boolean>
  /** When aborted, published copies are finished, and the other messages are kept in their queue. */
  readonly signal?: AbortSignal
  /** Called from time to time with the numbers of messages read and replayed. */
  readonly onProgress?: (looked: number, replayed: number) => void
  /** Called every ten seconds while the broker confirms nothing, with the reason for waiting. */
  readonly onWaiting?: (text: string) => void
}

/**
 * Sends the dead letters of a queue back to the queue where they failed, with their attempts reset.
 *
 * @throws {WarrenError} `UNKNOWN_NAME` when no such queue is declared, `AMBIGUOUS_QUEUE` when the name means more
 *   than one
 * @throws {WarrenError} `MISSING_OBJECT` when the queue does not exist, `NOT_A_QUEUE` when it is a stream
 * @throws {WarrenError} `DELIVERY_LIMIT` or `QUEUE_DELETES_ITSELF` when reading the messages would lose some
 * @throws {WarrenError} `NO_RETURN_ROUTE` when a replay would not reach the queue that failed, or would also reach
 *   others
 * @throws {WarrenError} `UNREACHABLE` or `WRONG_BROKER` when the broker cannot be reached, `ACCESS_REFUSED` when it
 *   refuses the login
 */
export async function replayDeadLetters(options: ReplayOptions): Promise<ReplayReport & FromFiles> {
  return withSecrets(options, replayChosen)
}

async function replayChosen(
  options: ReplayOptions & { readonly secrets: SecretRegistry },
): Promise<ReplayReport & FromFiles> {
  const { queues, place, unread: _, ...fromFiles } = await findDeadLetterQueues(options)
  const from = chooseQueue(queues, options.queue, place)
  const { filter = {}, limit, rate, dryRun = false, confirm, signal, onProgress, onWaiting } = options
  return withBroker(options, from.vhost, async (session) => {
    const { ready, consumers } = await stateToLook(session, from, options.useDeliveries === true)
    await requireReturnRoutes(session.client, from, filter)
    const wanted = from.routes.map((each) => each.queue)
    const targets = filter.queues?.length ? wanted.filter((each) => filter.queues?.includes(each)) : wanted
    const queue = address('queue', from.vhost, from.name)
    const about = { broker: session.broker, queue, name: from.name, ready, consumers, targets }
    if (ready === 0) return { ...about, dryRun, ...fromFiles }
    if (!dryRun && confirm && !(await confirm(about))) return { ...about, dryRun, notConfirmed: true, ...fromFiles }
    const result = await replay(await session.amqp.opened(from.vhost), {
      from,
      count: ready,
      filter,
      dryRun,
      ...(limit !== undefined && { limit }),
      ...(rate && { rate }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...(onWaiting && { onWaiting }),
    })
    return { ...about, dryRun, result, ...fromFiles }
  })
}
