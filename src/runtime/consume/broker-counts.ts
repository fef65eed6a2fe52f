import type { ConsumeMessage } from 'amqplib'
import { isAtLeast } from '../../model/broker-version.ts'
import { countHeader } from '../../broker/amqp/messages/warren-headers.ts'

/**
 * Determines which counters in the headers of a delivery come from the broker. A publisher can set headers of the
 * same names, and the broker passes them on if it does not write them itself:
 *
 * | queue            | delivery           | `x-delivery-count`     | `x-acquired-count` |
 * | ---------------- | ------------------ | ---------------------- | ------------------ |
 * | classic, stream  | any                | published              | published          |
 * | quorum, 3.10     | any                | broker                 | published          |
 * | quorum, 4.0      | first              | published              | published          |
 * | quorum, 4.0      | redelivered        | broker                 | published          |
 * | quorum, 4.3      | first              | published              | published          |
 * | quorum, 4.3      | redelivered        | broker once it is over 0 | broker           |
 */
export type CountedBy = 'none' | 'deliveries' | 'acquisitions'

/** From this version on, a quorum queue also counts how often it delivered a message (`x-acquired-count`). */
const ACQUISITIONS_SINCE = '4.3.0'

/** @param queueType undefined if unknown; a lost count could then lose the message */
export function countedBy(queueType: string | undefined, brokerVersion: string): CountedBy {
  if (queueType !== undefined && queueType !== 'quorum') return 'none'
  return isAtLeast(brokerVersion, ACQUISITIONS_SINCE) ? 'acquisitions' : 'deliveries'
}

export interface DeliveryCounts {
  /** The number of times that it was rejected, or lost with its channel. */
  readonly failures: number
  /** The number of times that it was delivered before without being acknowledged. */
  readonly returns: number
}

/** Reads the counters of the broker from a delivery. */
export function deliveryCounts({ fields, properties }: ConsumeMessage, counted: CountedBy): DeliveryCounts {
  if (counted === 'none' || !fields.redelivered) return { failures: 0, returns: 0 }
  const deliveries = countHeader(properties.headers, 'x-delivery-count')
  if (counted === 'deliveries') return { failures: deliveries, returns: deliveries }
  const acquisitions = countHeader(properties.headers, 'x-acquired-count')
  // A message cannot fail more often than it is delivered, so a larger number was set by the publisher.
  return { failures: Math.min(deliveries, acquisitions), returns: acquisitions }
}
