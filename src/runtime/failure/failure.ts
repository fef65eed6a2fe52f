import type { Delivery } from '../consume/delivery.ts'
import type { FailureReason } from '../../broker/amqp/messages/warren-headers.ts'

/** Why an attempt at a message failed. */
export interface Failure {
  readonly reason: FailureReason
  /** The error of the handler, or the reason why the message is invalid. */
  readonly error: unknown
}

/** The fields that events have about a delivery. */
export function aboutDelivery(subscription: string, delivery: Delivery) {
  const { queue, messageId, correlationId, attempt } = delivery
  return { subscription, queue, messageId, correlationId, attempt }
}

/** The fields that events have about a failed delivery. */
export function aboutFailure(subscription: string, delivery: Delivery, { reason, error }: Failure) {
  return { ...aboutDelivery(subscription, delivery), reason, error }
}
