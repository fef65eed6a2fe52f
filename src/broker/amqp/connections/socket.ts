import type { ChannelModel } from 'amqplib'

/** What is needed of the socket of a connection. */
export interface Socket {
  write: (...given: unknown[]) => boolean
  cork(): void
  uncork(): void
  destroy(error?: Error): void
}

/** The socket of a connection, which amqplib does not give away. */
export function socketOf(model: ChannelModel): Socket | undefined {
  return (model.connection as { stream?: Socket }).stream
}

/**
 * Sends what is written within one turn of the event loop by one call of the operating system. amqplib hands each message and
 * each acknowledgement to the socket by itself, and Node.js makes a call for each, which is a good part of what an
 * acknowledgement costs. Nothing waits for it: amqplib writes what has come together since the last turn.
 */
export function writeTogether(model: ChannelModel): void {
  const socket = socketOf(model)
  if (!socket) return
  const write = socket.write.bind(socket)
  let isCorked = false
  const uncork = (): void => {
    isCorked = false
    socket.uncork()
  }
  socket.write = (...given: unknown[]) => {
    if (!isCorked) {
      isCorked = true
      socket.cork()
      process.nextTick(uncork)
    }
    return write(...given)
  }
}
