import { QUEUE_TYPES, queueTypesOf, type QueueType } from './queue-arguments.ts'

/** The argument for each property of a queue that is sent as an argument; it may depend on the type. */
export const ARGUMENT_OF_PROPERTY = {
  messageTtl: 'x-message-ttl',
  expires: 'x-expires',
  maxLength: 'x-max-length',
  maxLengthBytes: 'x-max-length-bytes',
  overflow: 'x-overflow',
  singleActiveConsumer: 'x-single-active-consumer',
  maxPriority: 'x-max-priority',
  deliveryLimit: 'x-delivery-limit',
  leaderLocator: 'x-queue-leader-locator',
  initialGroupSize: new Map([
    ['quorum', 'x-quorum-initial-group-size'],
    ['stream', 'x-initial-cluster-size'],
  ]),
  maxAge: 'x-max-age',
  streamMaxSegmentSize: 'x-stream-max-segment-size-bytes',
} as const satisfies Readonly<Record<string, string | ReadonlyMap<string, string>>>

/** A property of a queue that is written to the broker as an argument. */
export type ArgumentProperty = keyof typeof ARGUMENT_OF_PROPERTY

const TYPES_OF_OTHERS: Readonly<Record<string, readonly QueueType[]>> = {
  durable: ['classic'],
  autoDelete: ['classic'],
  retry: ['classic', 'quorum'],
  deadLetter: ['classic', 'quorum'],
}

/** The types of queues that support a property in some version of RabbitMQ. */
export function queueTypesOfProperty(name: string): readonly QueueType[] {
  if (!Object.hasOwn(ARGUMENT_OF_PROPERTY, name)) return TYPES_OF_OTHERS[name] ?? QUEUE_TYPES
  const argument = ARGUMENT_OF_PROPERTY[name as ArgumentProperty]
  return typeof argument === 'string' ? queueTypesOf(argument) : QUEUE_TYPES.filter((type) => argument.has(type))
}
