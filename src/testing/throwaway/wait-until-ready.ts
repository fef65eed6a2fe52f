import { setTimeout as delay } from 'node:timers/promises'
import { askOverview } from './ask-overview.ts'
import type { Login } from './broker.ts'

/** Between two checks, in milliseconds. */
const PAUSE = 50

/**
 * Waits until a starting broker accepts the login on the management API, and then AMQP connections. It asks the broker
 * about its AMQP listener, because another program may listen on the port.
 *
 * @returns RabbitMQ's version
 * @throws the reason of the signal when it is aborted first
 */
export async function waitUntilReady(managementUrl: string, login: Login, signal: AbortSignal): Promise<string> {
  for (;;) {
    signal.throwIfAborted()
    try {
      const overview = await askOverview(managementUrl, login)
      if (overview.listeners.some(({ protocol }) => protocol === 'amqp')) return overview.rabbitmq_version
    } catch {
      // It does not answer yet.
    }
    await delay(PAUSE)
  }
}
