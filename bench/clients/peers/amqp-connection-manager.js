import { connect } from 'amqp-connection-manager'

/** @type {import('../client.js').OpenPublisher} */
export async function openPublisher({ url, exchange, routingKey }) {
  const connection = connect([url])
  const channel = connection.createChannel({ json: true })
  await channel.waitForConnect()
  const options = { persistent: true, mandatory: true, contentType: 'application/json' }
  return {
    publish: (body) => channel.publish(exchange, routingKey, body, options),
    close: () => connection.close(),
  }
}

/** @type {import('../client.js').OpenConsumer} */
export async function openConsumer({ url, queue, prefetch, onMessage }) {
  const connection = connect([url])
  const channel = connection.createChannel({ json: true })
  await channel.waitForConnect()
  const onDelivery = (message) => {
    onMessage(JSON.parse(message.content.toString()))
    channel.ack(message)
  }
  await channel.consume(queue, onDelivery, { prefetch })
  return { close: () => connection.close() }
}
