import type { Amqp } from '../connections/amqp.ts'
import { closeChannel, openConfirmChannel } from '../connections/channels.ts'

/** A message that shows where messages go. Its id identifies it in the queues. */
export interface Probe {
  readonly id: string
  readonly exchange: string
  readonly routingKey: string
  readonly headers?: Readonly<Record<string, unknown>>
  readonly mandatory: boolean
  /** Default: an empty object. */
  readonly body?: unknown
}

/**
 * Publishes messages, and waits until the broker has confirmed or refused each.
 *
 * @returns the ids of those that it returned
 */
export async function publishProbes(amqp: Amqp, vhost: string, probes: readonly Probe[]): Promise<ReadonlySet<string>> {
  const returned = new Set<string>()
  const channel = await openConfirmChannel(await amqp.connection(vhost))
  try {
    // The broker returns a message before it confirms it.
    channel.on('return', ({ properties }) => returned.add(String(properties.messageId)))
    const sent = probes.map(
      ({ id, exchange, routingKey, headers, mandatory, body = {} }) =>
        new Promise<void>((resolve) => {
          channel.publish(
            exchange,
            routingKey,
            Buffer.from(JSON.stringify(body)),
            {
              messageId: id,
              mandatory,
              persistent: true,
              contentType: 'application/json',
              ...(headers && { headers }),
            },
            // A full queue refuses a message, which then is in no queue.
            () => resolve(),
          )
        }),
    )
    const gone = new Promise<never>((_, reject) => {
      channel.on('error', reject)
      channel.on('close', () => reject(new Error('the broker closed the channel')))
    })
    await Promise.race([Promise.all(sent), gone])
    return returned
  } finally {
    await closeChannel(channel)
  }
}
