import type { DeadLetterQueue } from '../../operate/dead-letters/dead-letter-queues.ts'
import { requireLasting, requireLooks } from '../../operate/dead-letters/delivery-guard.ts'
import type { DeadLetterList, ListedQueue } from '../../operate/dead-letters/reports.ts'
import { summarise } from '../../operate/dead-letters/summary.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedQueueState } from '../../broker/management/answers/received.ts'
import { address } from '../../model/address.ts'
import {
  type DeadLetterOptions,
  type DeadLetterSession,
  findDeadLetterQueues,
  type FromFiles,
  withBroker,
} from './dead-letter-session.ts'
import { stateOf } from './dead-letter-state.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ListOptions extends DeadLetterOptions {
  /** The number of dead letters to read in each queue, to count them by reason. Default 0. */
  readonly reasonsOf?: number
}

/**
 * Lists the dead-letter queues of a topology, or without files those of a broker, with the number of their messages.
 *
 * @throws {InvalidInputError} when the files are not usable
 * @throws {WarrenError} `UNREACHABLE` or `WRONG_BROKER` when the broker cannot be reached, `ACCESS_REFUSED` when it
 *   refuses the login
 */
export async function listDeadLetters(options: ListOptions): Promise<DeadLetterList & FromFiles> {
  return withSecrets(options, listAll)
}

async function listAll(
  options: ListOptions & { readonly secrets: SecretRegistry },
): Promise<DeadLetterList & FromFiles> {
  const { queues, place, unread, ...files } = await findDeadLetterQueues(options)
  const [first] = queues
  const fromFiles = {
    ...files,
    ...(place === 'broker' && { live: true as const }),
    ...(unread.length > 0 && { unread }),
  } as const
  if (first === undefined) return { queues: [], ...fromFiles }
  return withBroker(options, first.vhost, async (session) => {
    const received = new Map<string, readonly ReceivedQueueState[]>()
    for (const { vhost } of queues) {
      if (!received.has(vhost)) received.set(vhost, await reads.queueStates(session.client, vhost))
    }
    const listed: ListedQueue[] = []
    for (const queue of queues) {
      listed.push(await listOne(session, queue, received.get(queue.vhost) ?? [], options.reasonsOf ?? 0))
    }
    return { broker: session.broker, queues: listed, ...fromFiles }
  })
}

async function listOne(
  session: DeadLetterSession,
  queue: DeadLetterQueue,
  received: readonly ReceivedQueueState[],
  reasonsOf: number,
): Promise<ListedQueue> {
  const { vhost, name, routes } = queue
  const found = await stateOf(session, queue, received)
  const about = { address: address('queue', vhost, name), vhost, name, serves: routes.map((each) => each.queue) }
  if (found === undefined) return about
  const { rule, isAutoDelete, ...state } = found
  if (reasonsOf === 0) return { ...about, state }
  try {
    if (state.type === 'stream') return { ...about, state, notLookedAt: 'it is a stream' }
    requireLasting(vhost, name, isAutoDelete)
    requireLooks(vhost, name, rule)
    const summary = await summarise(await session.amqp.opened(vhost), queue, Math.min(state.ready, reasonsOf))
    return { ...about, state, summary }
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error
    return { ...about, state, notLookedAt: error.message }
  }
}
