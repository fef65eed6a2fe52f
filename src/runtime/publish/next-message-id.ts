import { randomBytes } from 'node:crypto'

/** 128 random bits in 22 characters. */
const PROCESS = randomBytes(16).toString('base64url')
let count = 0

/**
 * An id that no other message has: random for each process, and counted in it, which is much cheaper than a UUID for each.
 *
 * It is short for the broker's sake. With more than 60 bytes of properties RabbitMQ takes a good part longer for each message
 * (`docs/explanation/benchmarks.md` has figures): delivery mode, time and a content type of `application/json` leave 31 bytes to the id.
 */
export function nextMessageId(): string {
  return `${PROCESS}-${(++count).toString(36)}`
}
