import { randomUUID } from 'node:crypto'

const PROCESS = randomUUID()
let count = 0

/** An id that no other message has: random for each process, and counted in it, which is much cheaper than a UUID for each. */
export function nextMessageId(): string {
  return `${PROCESS}-${(++count).toString(36)}`
}
