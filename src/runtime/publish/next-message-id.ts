import { randomBytes } from 'node:crypto'

/** 128 random bits in 22 characters. */
const PROCESS = randomBytes(16).toString('base64url')
let count = 0

/**
 * Makes a unique id: random for each process, with a counter, which is much cheaper than a UUID for each message.
 *
 * It is short because of the broker: With more than 60 bytes of properties RabbitMQ takes a good part longer for each
 * message (`docs/explanation/benchmarks.md` has figures): delivery mode, time and a content type of
 * `application/json` leave 31 bytes to the id.
 */
export function nextMessageId(): string {
  return `${PROCESS}-${(++count).toString(36)}`
}
