import { connect } from 'amqplib'

/** The number of messages in flight for each queue, as in a migration. */
const WINDOW = 100

/**
 * Moves all messages of queues to other queues with AMQP alone: consume, publish with confirms, acknowledge.
 *
 * @param {string} url
 * @param {readonly { from: string, to: string, messages: number }[]} moves
 * @param {number} batch moves at the same time
 */
export async function bareMove(url, moves, batch) {
  const connection = await connect(url)
  const rest = moves.values()
  await Promise.all(
    Array.from({ length: batch }, async () => {
      for (const move of rest) await moveOne(connection, move)
    }),
  )
  await connection.close()
}

async function moveOne(connection, { from, to, messages }) {
  const source = await connection.createChannel()
  const target = await connection.createConfirmChannel()
  await source.prefetch(WINDOW)
  let moved = 0
  await new Promise((resolve, reject) => {
    const receive = (message) => {
      if (message === null) return reject(new Error(`${from} was deleted`))
      target.publish('', to, message.content, { ...message.properties, mandatory: true }, (error) => {
        if (error) return reject(error)
        source.ack(message)
        moved += 1
        if (moved === messages) resolve(undefined)
      })
    }
    source.consume(from, receive).catch(reject)
  })
  await target.close()
  await source.close()
}
