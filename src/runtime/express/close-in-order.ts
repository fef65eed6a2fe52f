import type { Server } from 'node:http'
import { closeOnSignal } from '../close-on-signal.ts'
import type { CloseOnSignalOptions } from '../close-on-signal.ts'
import type { Runtime } from '../runtime-types.ts'
import { requestsOf } from './requests-of.ts'

/** Options for closing an HTTP server and a runtime together. */
export interface CloseInOrderOptions extends Omit<CloseOnSignalOptions, 'before'> {
  /**
   * Runs when requests and handlers have ended, while the runtime still publishes, for example to stop the relay of an outbox.
   */
  readonly before?: CloseOnSignalOptions['before']
}

/**
 * Closes an HTTP server and a runtime in the right order when the process receives a signal to end: it stops
 * consuming and accepting connections, lets requests and handlers end, waits until the broker has confirmed their
 * messages, and closes the connections. Call it before the server listens. It works with the server of Express, Koa
 * or Node.js itself.
 *
 * Requests that still run after four fifths of `deadline` lose their connection. Returns a function that stops listening for signals.
 */
export function closeInOrder(
  server: Server,
  runtime: Pick<Runtime, 'stopConsuming' | 'close' | 'closed'>,
  { before, ...options }: CloseInOrderOptions = {},
): () => void {
  const requests = requestsOf(server)
  return closeOnSignal(runtime, {
    ...options,
    before: async (time) => {
      const end = performance.now() + time.deadline
      // At the same time, because a request may wait for a handler.
      await Promise.all([runtime.stopConsuming(time), requests.end(time.deadline)])
      await before?.({ deadline: Math.max(0, end - performance.now()) })
    },
  })
}
