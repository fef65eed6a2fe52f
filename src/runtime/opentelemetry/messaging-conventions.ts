/**
 * The names from OpenTelemetry's messaging conventions that are used here. The conventions are still in development,
 * so all names are in one place.
 */
export const Attribute = {
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  destinationTemplate: 'messaging.destination.template',
  routingKey: 'messaging.rabbitmq.destination.routing_key',
  deliveryTag: 'messaging.rabbitmq.message.delivery_tag',
  messageId: 'messaging.message.id',
  conversationId: 'messaging.message.conversation_id',
  bodySize: 'messaging.message.body.size',
  errorType: 'error.type',
  /** Warren's own. */
  publication: 'warren.publication',
  subscription: 'warren.subscription',
  attempt: 'warren.attempt',
  outcome: 'warren.outcome',
} as const

export const Metric = {
  operationDuration: 'messaging.client.operation.duration',
  sentMessages: 'messaging.client.sent.messages',
  consumedMessages: 'messaging.client.consumed.messages',
  processDuration: 'messaging.process.duration',
  /** Warren's own. */
  messageAge: 'warren.message.age',
} as const

/** In seconds, as the conventions require. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
/** In seconds, up to a day, because messages wait longer than handlers run. */
export const AGE_BUCKETS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 14_400, 86_400]

export const SYSTEM = 'rabbitmq'

/** The name of a destination of RabbitMQ according to the conventions. */
export function destinationName(exchange: string, routingKey: string): string {
  return [exchange, routingKey].filter((part) => part !== '').join(':') || 'amq.default'
}
