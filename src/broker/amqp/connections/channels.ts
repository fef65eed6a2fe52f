import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib'

/** Opens a channel whose errors do not reach the connection. */
export async function openChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  return channel
}

/** Opens a channel on which the broker confirms each publish; its errors do not reach the connection. */
export async function openConfirmChannel(model: ChannelModel): Promise<ConfirmChannel> {
  const channel = await model.createConfirmChannel()
  channel.on('error', () => undefined)
  return channel
}

/** Closes a channel after the broker has processed everything that was sent on it. Never rejects. */
export async function closeChannel(channel: Channel): Promise<void> {
  // amqplib never resolves a close whose connection breaks meanwhile, but it then emits `close`.
  const gone = new Promise<void>((resolve) => channel.once('close', () => resolve()))
  try {
    await Promise.race([channel.close(), gone])
  } catch {
    // It was closed already.
  }
}
