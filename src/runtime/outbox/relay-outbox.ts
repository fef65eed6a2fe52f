import { OutboxRelay } from './outbox-relay.ts'
import type { RelayOptions } from './outbox-relay.ts'

/**
 * Begins to publish what waits in an outbox. The table has to be there: `outboxTable()` makes it.
 *
 * @throws {RangeError} for a batch or a time that makes no sense
 */
export function relayOutbox(options: RelayOptions): OutboxRelay {
  check('batch', options.batch ?? 1, 1)
  check('interval', options.interval ?? 1, 1)
  check('keepSent', options.keepSent ?? 0, 0)
  return new OutboxRelay(options)
}

function check(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new RangeError(`${name} must be a whole number from ${least} on, not ${value}`)
}
