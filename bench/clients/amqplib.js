import { connect } from 'amqplib'

// The bare client, as carefully as a program would use it: confirms, mandatory, persistent, single acknowledgements.

/** @type {import('./client.js').OpenPublisher} */
export async function openPublisher({ url, exchange, routingKey }) {
  const connection = await connect(url, { noDelay: true })
  const channel = await connection.createConfirmChannel()
  const options = { persistent: true, mandatory: true, contentType: 'application/json' }
  return {
    publish: (body) =>
      new Promise((resolve, reject) => {
        const content = Buffer.from(JSON.stringify(body))
        channel.publish(exchange, routingKey, content, options, (error) => (error ? reject(error) : resolve()))
      }),
    close: () => connection.close(),
  }
}

/** @type {import('./client.js').OpenConsumer} */
export async function openConsumer({ url, queue, prefetch, onMessage }) {
  const connection = await connect(url, { noDelay: true })
  const channel = await connection.createChannel()
  await channel.prefetch(prefetch)
  await channel.consume(queue, (message) => {
    onMessage(JSON.parse(message.content.toString()))
    channel.ack(message)
  })
  return { close: () => connection.close() }
}
