import type { ChannelModel } from 'amqplib'

/** The used parts of a connection's socket. */
export interface Socket {
  write: (...given: unknown[]) => boolean
  cork(): void
  uncork(): void
  destroy(error?: Error): void
}

/** The socket of a connection, which amqplib does not expose. */
export function socketOf(model: ChannelModel): Socket | undefined {
  return (model.connection as { stream?: Socket }).stream
}

/**
 * Combines the writes of one turn of the event loop into one system call. amqplib passes each message and each
 * acknowledgement to the socket separately, and Node.js makes a system call for each of them, which is a large part
 * of the cost of an acknowledgement. No write is delayed beyond the current turn.
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
