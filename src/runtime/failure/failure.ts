import type { Delivery } from '../consume/delivery.ts'
import type { FailureReason } from '../../broker/amqp/messages/warren-headers.ts'

/** Why a try at a message failed. */
export interface Failure {
  readonly reason: FailureReason
  /** What the handler threw, or what is wrong with the message. */
  readonly error: unknown
}

/** What the events about a delivery say of it. */
export function aboutDelivery(subscription: string, delivery: Delivery) {
  const { queue, messageId, correlationId, attempt } = delivery
  return { subscription, queue, messageId, correlationId, attempt }
}

/** What the events about a failed delivery say of it. */
export function aboutFailure(subscription: string, delivery: Delivery, { reason, error }: Failure) {
  return { ...aboutDelivery(subscription, delivery), reason, error }
}
