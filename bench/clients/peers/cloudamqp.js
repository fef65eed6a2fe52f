import { AMQPClient } from '@cloudamqp/amqp-client'

/** @type {import('../client.js').OpenPublisher} */
export async function openPublisher({ url, exchange, routingKey }) {
  const connection = await new AMQPClient(url).connect()
  const channel = await connection.channel()
  await channel.confirmSelect()
  const properties = { deliveryMode: 2, contentType: 'application/json' }
  return {
    publish: (body) => channel.basicPublish(exchange, routingKey, JSON.stringify(body), properties, true),
    close: () => connection.close(),
  }
}

/** @type {import('../client.js').OpenConsumer} */
export async function openConsumer({ url, queue, prefetch, onMessage }) {
  const connection = await new AMQPClient(url).connect()
  const channel = await connection.channel()
  await channel.basicQos(prefetch)
  await channel.basicConsume(queue, { noAck: false }, async (message) => {
    onMessage(JSON.parse(message.bodyString() ?? ''))
    await message.ack()
  })
  return { close: () => connection.close() }
}
