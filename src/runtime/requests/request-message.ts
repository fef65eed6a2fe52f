import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { DeclaredRequest } from '../routes/declared-routes.ts'
import type { RequestOptions } from './request-options.ts'

/** Node.js fires timers with a longer delay immediately. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** Builds the message of a request, which expires when its sender no longer waits. Throws a `PublishError`. */
export function requestMessage(
  { request, route }: DeclaredRequest,
  body: unknown,
  { timeout = request.reply.timeout, signal: _signal, ...options }: RequestOptions,
): OutgoingMessage {
  if (!(Number.isInteger(timeout) && timeout >= 1 && timeout <= LONGEST_TIMEOUT)) {
    const what = `the timeout must be whole milliseconds from 1 to ${LONGEST_TIMEOUT}, not ${timeout}`
    throw new PublishError(`request "${request.name}": ${what}`, { outcome: 'invalid', publication: request.name })
  }
  return route.message(body, { ...options, expiration: timeout })
}
