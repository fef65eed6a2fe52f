import type { Amqp } from '../connections/amqp.ts'

/** Takes the first message of a queue and returns it to the queue, until the queue is empty or it was returned often enough. */
export async function returnUntilGone(amqp: Amqp, vhost: string, queue: string, most: number): Promise<void> {
  for (let returned = 0; returned < most; returned += 1) {
    const isEmpty = await amqp.withChannel(vhost, `returning a message to ${queue}`, async (channel) => {
      const message = await channel.get(queue)
      if (message === false) return true
      // From 4.3 on, only a rejected message counts as returned.
      channel.reject(message, true)
      return false
    })
    if (isEmpty) return
  }
}
