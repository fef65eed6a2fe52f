import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'amqplib'

export const EXCHANGE = 'events'
/** How long a consumer waits before it consumes again from a queue that was deleted, in milliseconds. */
const CONSUME_AGAIN = 100

/**
 * Publishes numbered messages to the queues, each with its number as `messageId`.
 *
 * @param {string} url
 * @param {readonly string[]} queues
 * @param {number} each messages for each queue
 * @returns {Promise<Set<string>>} the messages that the broker has confirmed
 */
export async function fill(url, queues, each) {
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  const confirmed = new Set()
  for (const queue of queues) {
    for (let n = 0; n < each; n += 1) publish(channel, queue, `${queue}-${n}`, () => confirmed.add(`${queue}-${n}`))
    await channel.waitForConfirms()
  }
  await connection.close()
  return confirmed
}

/**
 * Publishes through the exchange, with confirms and `mandatory`, until it is stopped.
 *
 * @param {string} url
 * @param {readonly string[]} queues
 * @param {number} perSecond
 */
export async function startProducer(url, queues, perSecond) {
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  const confirmed = new Set()
  const returned = new Set()
  channel.on('return', ({ properties }) => returned.add(properties.messageId))
  const stopping = new AbortController()
  const publishing = (async () => {
    for (let n = 0; !stopping.signal.aborted; n += 1) {
      const queue = queues[n % queues.length]
      const id = `late-${n}`
      publish(channel, queue, id, () => confirmed.add(id))
      if (n % perSecond === 0) await channel.waitForConfirms()
      await sleep(1_000 / perSecond)
    }
  })()
  return {
    /** @returns {Promise<{ confirmed: Set<string>, returned: Set<string> }>} */
    async stop() {
      stopping.abort()
      await publishing
      await channel.waitForConfirms()
      await connection.close()
      for (const id of returned) confirmed.delete(id)
      return { confirmed, returned }
    },
  }
}

/**
 * Consumes from the queues and acknowledges every message. Each queue has a connection of its own: the broker closes
 * the connection of a consumer that arrives at the moment when the queue is recreated (541).
 *
 * @param {string} url
 * @param {readonly string[]} queues
 * @param {{ slow: number, prefetch: number }} pace `slow` milliseconds for each message
 */
export async function startConsumers(url, queues, pace) {
  /** @type {Map<string, number>} */
  const received = new Map()
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(0, signal)
  const consumeAgain = async (queue) => {
    while (!signal.aborted) {
      await consumeUntilClosed(url, queue, { ...pace, received, signal }).catch(() => undefined)
      if (!signal.aborted) await sleep(CONSUME_AGAIN)
    }
  }
  const consuming = Promise.all(queues.map(consumeAgain))
  return {
    received,
    async stop() {
      stopping.abort()
      await consuming
    },
  }
}

/** Consumes from a queue until it is deleted, the broker closes the connection, or the signal is aborted. */
async function consumeUntilClosed(url, queue, { slow, prefetch, received, signal }) {
  const connection = await connect(url)
  try {
    const channel = await connection.createChannel()
    const ended = new Promise((resolve) => {
      for (const emitter of [connection, channel]) for (const event of ['error', 'close']) emitter.on(event, resolve)
      signal.addEventListener('abort', resolve)
    })
    await channel.prefetch(prefetch)
    const handle = async (message) => {
      if (slow > 0) await sleep(slow)
      try {
        channel.ack(message)
      } catch {
        // The channel was closed, and the broker delivers the message again.
        return
      }
      const id = message.properties.messageId
      received.set(id, (received.get(id) ?? 0) + 1)
    }
    const cancelled = new Promise((resolve) => {
      const receive = (message) => void (message === null ? resolve(undefined) : handle(message))
      void channel.consume(queue, receive).catch(resolve)
    })
    await Promise.race([ended, cancelled])
  } finally {
    await connection.close().catch(() => undefined)
  }
}

function publish(channel, queue, messageId, onConfirm) {
  const options = { messageId, persistent: true, mandatory: true }
  channel.publish(EXCHANGE, queue, Buffer.alloc(100, 'x'), options, (error) => {
    if (!error) onConfirm()
  })
}
