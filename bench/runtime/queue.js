import { connect } from 'amqplib'
import { messageOf } from './message.js'

export const EXCHANGE = 'work'
export const QUEUE = 'work'

/** An AMQP URL with login and the default virtual host. @param {import('../parts/part.js').BenchBroker} broker */
export function urlOf({ amqpUrl, username, password }) {
  const url = new URL(amqpUrl)
  url.username = username
  url.password = password
  url.pathname = '/%2F'
  return url.href
}

/**
 * The queue that all clients use, recreated for each measurement.
 *
 * @param {string} url
 */
export async function openQueue(url) {
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  return {
    /** @param {{ queueType: string, messages: number, size: number }} queue */
    async refresh({ queueType, messages, size }) {
      await channel.deleteQueue(QUEUE)
      await channel.assertExchange(EXCHANGE, 'direct')
      await channel.assertQueue(QUEUE, { arguments: { 'x-queue-type': queueType } })
      await channel.bindQueue(QUEUE, EXCHANGE, QUEUE)
      const content = Buffer.from(JSON.stringify(messageOf(size)))
      for (let n = 0; n < messages; n++) {
        channel.publish(EXCHANGE, QUEUE, content, { persistent: true, contentType: 'application/json' })
        if (n % 1_000 === 0) await channel.waitForConfirms()
      }
      await channel.waitForConfirms()
    },
    close: async () => {
      await channel.deleteQueue(QUEUE)
      await connection.close()
    },
  }
}
