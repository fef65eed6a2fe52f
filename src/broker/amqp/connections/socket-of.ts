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
