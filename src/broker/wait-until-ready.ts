import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { askVersion } from './ask-version.ts'
import type { Login } from './broker.ts'

/** Between two looks, in milliseconds. */
const PAUSE = 50

/**
 * Waits until a broker that is starting answers on the management API with the login, and on the AMQP port,
 * which it opens last.
 *
 * @returns RabbitMQ's version
 * @throws the signal's reason when it is aborted first
 */
export async function waitUntilReady(
  { managementUrl, amqpUrl, login }: { managementUrl: string; amqpUrl: string; login: Login },
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    signal.throwIfAborted()
    try {
      const version = await askVersion(managementUrl, login)
      await connects(new URL(amqpUrl))
      return version
    } catch {
      await delay(PAUSE)
    }
  }
}

function connects({ hostname, port }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
}
