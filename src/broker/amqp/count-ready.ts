import type { GetMessage } from 'amqplib'
import { address } from '../../model/address.ts'
import type { Amqp } from './connections/amqp.ts'
import { AmqpError } from './connections/amqp-error.ts'

/** The counts in the answer to a passive declaration of a queue. */
export interface Ready {
  /** Without unacknowledged messages, and without those that at-least-once dead-lettering holds. */
  readonly messages: number
  /** Without cancelled consumers that still hold messages. */
  readonly consumers: number
}

/**
 * Counts the ready messages of a queue, and its consumers. A stream reports too few messages right after a publish,
 * and a quorum queue whose leader does not answer reports 0 for both. Use `countReadyForSure` before a delete.
 *
 * @returns `missing` if the queue does not exist
 * @throws {AmqpError} with `isRefused()` when the login has no permission on the queue (on RabbitMQ 4.3 also when the
 *   queue does not exist), and when its node is down
 */
export function countReady(amqp: Amqp, vhost: string, queue: string): Promise<Ready | 'missing'> {
  return againApart(amqp, (each) => passiveDeclare(each, vhost, queue))
}

async function passiveDeclare(amqp: Amqp, vhost: string, queue: string): Promise<Ready | 'missing'> {
  try {
    return await amqp.ask(vhost, `counting ${address('queue', vhost, queue)}`, async (channel) => {
      const { messageCount, consumerCount } = await channel.checkQueue(queue)
      return { messages: messageCount, consumers: consumerCount }
    })
  } catch (error) {
    if (error instanceof AmqpError && error.isNotFound()) return 'missing'
    throw error
  }
}

/**
 * If the broker closed the connection, repeats the request on a separate connection, because another queue may have
 * been the cause.
 */
async function againApart<T>(amqp: Amqp, ask: (amqp: Amqp) => Promise<T>): Promise<T> {
  try {
    return await ask(amqp)
  } catch (error) {
    if (!(error instanceof AmqpError && error.endsConnection())) throw error
    return amqp.apart(ask)
  }
}

/**
 * Counts the ready messages and the consumers of a queue before it is deleted.
 *
 * A quorum queue with a suspended leader or without a majority answers a passive declaration with 0 messages and 0
 * consumers after a short timeout of the broker (rabbit_quorum_queue, stat). So 0 and 0 count only after the broker
 * has answered a `basic.get`, which the majority of the members has to accept. If a leader answers, 0 and 0 are
 * exact: a get, or a cancelled consumer that still holds messages, counts as a consumer.
 *
 * @param type the type that the broker reports; undefined if unknown
 * @returns `missing` if the queue does not exist
 * @throws {AmqpError} when the broker does not answer, or the login may not read the queue
 */
export async function countReadyForSure(
  amqp: Amqp,
  vhost: string,
  queue: string,
  type: string | undefined,
): Promise<Ready | 'missing'> {
  const ready = await countReady(amqp, vhost, queue)
  if (ready === 'missing' || type === 'classic' || type === 'stream') return ready
  if (ready.messages > 0 || ready.consumers > 0) return ready
  const found = await againApart(amqp, (each) => getAnswer(each, vhost, queue))
  if (found === 'empty') return ready
  if (found === 'missing') return 'missing'
  // A leader has answered, so these counts are its own.
  const again = await countReady(amqp, vhost, queue)
  return again === 'missing' || found === 'not-offered' ? again : { ...again, messages: Math.max(1, again.messages) }
}

/**
 * Counts the ready messages of a quorum queue, including those that are routed to it and not yet written. A passive
 * declaration leaves these out: it reads the state of the leader, and a new message becomes part of it once the majority
 * of the members has written the message. A `basic.get` takes its turn behind them, and its answer counts the rest.
 *
 * @returns `missing` if the queue does not exist
 * @throws {AmqpError} when the broker does not answer, or the login may not read the queue
 */
export function countRouted(amqp: Amqp, vhost: string, queue: string): Promise<number | 'missing'> {
  return againApart(amqp, async (each) => {
    const got = await getAndRequeue(each, vhost, queue, `counting ${address('queue', vhost, queue)}`)
    if (got === 'missing') return got
    return got === false ? 0 : got.fields.messageCount + 1
  })
}

/** The result of a `basic.get`: `not-offered` if the leader answers that this queue does not support it. */
type GetAnswer = 'empty' | 'message' | 'not-offered' | 'missing'

/** Checks by a `basic.get` whether a queue has a message that is ready. */
async function getAnswer(amqp: Amqp, vhost: string, queue: string): Promise<GetAnswer> {
  const at = address('queue', vhost, queue)
  try {
    const got = await getAndRequeue(amqp, vhost, queue, `checking whether ${at} is empty`)
    if (got === 'missing') return got
    return got === false ? 'empty' : 'message'
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error
    // A queue with a single active consumer (rabbit_fifo) or a stream always refuses a get.
    if (error.isLocked() && /single active consumer/.test(error.reason)) return 'not-offered'
    if (error.replyCode === NOT_IMPLEMENTED) return 'not-offered'
    throw explained(error, at)
  }
}

/**
 * Gets and requeues a message. It uses a new channel: the broker closes a channel that read from a queue before its type
 * changed (541), and closing the channel requeues a message that arrives late.
 *
 * @returns false if no message is ready
 */
async function getAndRequeue(
  amqp: Amqp,
  vhost: string,
  queue: string,
  doing: string,
): Promise<GetMessage | false | 'missing'> {
  try {
    return await amqp.withChannel(vhost, doing, async (channel) => {
      const message = await channel.get(queue)
      // On 4.3, a nack does not count towards the delivery limit, but closing the channel does.
      if (message !== false) channel.nack(message, false, true)
      return message
    })
  } catch (error) {
    if (error instanceof AmqpError && error.isNotFound()) return 'missing'
    throw error
  }
}

const NOT_IMPLEMENTED = 540

function explained(error: AmqpError, at: string): AmqpError {
  const { replyCode, reason } = error
  const doing = `checking whether ${at} is empty failed`
  if (replyCode === undefined) {
    const hint = 'check that its leader runs and the majority of its members is online, and run the command again'
    return new AmqpError(doing, { reason, hint, cause: error })
  }
  if (!error.isRefused()) return error
  return new AmqpError(doing, { replyCode, reason, hint: 'the login needs the right to read it', cause: error })
}
