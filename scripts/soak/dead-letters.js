import { connect } from 'amqplib'
import { gunzipSync } from 'node:zlib'
import { DEAD } from './topology.js'

/** How long no message arrives from a dead-letter queue before it counts as empty, in milliseconds. */
const SILENCE = 3_000

/**
 * Takes all dead letters, each with the reason in its headers.
 *
 * @param {string} url
 */
export async function takeDeadLetters(url) {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  const dead = []
  let last = performance.now()
  await channel.prefetch(500)
  for (const queue of DEAD) {
    await channel.consume(queue, (message) => {
      last = performance.now()
      if (!message) throw new Error(`the consumer of ${queue} was cancelled`)
      const { headers = {} } = message.properties
      const reason = headers['x-warren-reason'] ?? headers['x-death']?.[0]?.reason ?? 'none'
      const { content } = message
      const isCompressed = message.properties.contentEncoding === 'gzip'
      const { by, number, ...body } = JSON.parse((isCompressed ? gunzipSync(content) : content).toString())
      dead.push({ producer: by, n: number, ...body, reason })
      channel.ack(message)
    })
  }
  while (performance.now() - last < SILENCE) await new Promise((resolve) => setTimeout(resolve, 200))
  await channel.close()
  await connection.close()
  return dead
}
