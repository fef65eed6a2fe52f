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

/** @type {import('./client.js').OpenRequester} */
export async function openRequester({ url, exchange, routingKey, queue, prefetch }) {
  const [asking, answering] = [await connect(url, { noDelay: true }), await connect(url, { noDelay: true })]
  const [requests, replies] = [await asking.createChannel(), await answering.createChannel()]
  const waiting = new Map()
  let id = 0
  const received = ({ content, properties: { correlationId } }) => {
    waiting.get(correlationId)?.(JSON.parse(content.toString()))
    waiting.delete(correlationId)
  }
  await requests.consume('amq.rabbitmq.reply-to', received, { noAck: true })
  await replies.prefetch(prefetch)
  await replies.consume(queue, (request) => {
    const { replyTo, correlationId } = request.properties
    const content = Buffer.from(JSON.stringify(JSON.parse(request.content.toString())))
    replies.publish('', replyTo, content, { correlationId, contentType: 'application/json' })
    replies.ack(request)
  })
  const common = { replyTo: 'amq.rabbitmq.reply-to', mandatory: true, contentType: 'application/json' }
  return {
    publish: (body) =>
      new Promise((resolve) => {
        const correlationId = String(++id)
        waiting.set(correlationId, resolve)
        requests.publish(exchange, routingKey, Buffer.from(JSON.stringify(body)), { ...common, correlationId })
      }),
    close: () => Promise.all([asking.close(), answering.close()]),
  }
}
