import type { ChannelModel } from 'amqplib'
import type { Duplex } from 'node:stream'

/**
 * Sends what is written within one turn of the event loop by one call of the operating system. amqplib hands each message and
 * each acknowledgement to the socket by itself, and Node.js makes a call for each, which is more than half of what a message
 * costs. Nothing waits for it: amqplib writes what has come together since the last turn.
 */
export function writeTogether(model: ChannelModel): void {
  const { stream } = model.connection as { stream?: Duplex }
  if (!stream) return
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
  let isCorked = false
  const uncork = (): void => {
    isCorked = false
    stream.uncork()
  }
  stream.write = (...given: unknown[]) => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      process.nextTick(uncork)
    }
    return write(...given)
  }
}
