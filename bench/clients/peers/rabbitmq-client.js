import { Connection } from 'rabbitmq-client'

/** @type {import('../client.js').OpenPublisher} */
export async function openPublisher({ url, exchange, routingKey }) {
  const connection = new Connection(url)
  const publisher = connection.createPublisher({ confirm: true })
  const envelope = { exchange, routingKey, durable: true, mandatory: true }
  return {
    publish: (body) => publisher.send(envelope, body),
    close: async () => {
      await publisher.close()
      await connection.close()
    },
  }
}

/** @type {import('../client.js').OpenConsumer} */
export async function openConsumer({ url, queue, prefetch, onMessage }) {
  const connection = new Connection(url)
  // Otherwise it would declare the queue again, with its own properties.
  const settings = { queue, queueOptions: { passive: true }, qos: { prefetchCount: prefetch }, concurrency: prefetch }
  const consumer = connection.createConsumer(settings, async ({ body }) => onMessage(body))
  return {
    close: async () => {
      await consumer.close()
      await connection.close()
    },
  }
}
