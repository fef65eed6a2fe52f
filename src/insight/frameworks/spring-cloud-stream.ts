import type { Queue } from '../../model/topology.ts'
import { captured, type FrameworkRules } from './rule.ts'
import type { VhostShape } from './vhost-shape.ts'

/** A UUID in the URL-safe alphabet of base64, without padding. */
const ANONYMOUS_ID = '[A-Za-z0-9_-]{22}'

/**
 * The declarations of the RabbitMQ binder of Spring Cloud Stream, from spring-cloud/spring-cloud-stream 5.0.3:
 * `RabbitExchangeQueueProvisioner.java` and `RabbitConsumerProperties.java`; and Spring AMQP's `AnonymousQueue`.
 */
export const SPRING_CLOUD_STREAM: FrameworkRules = {
  framework: 'Spring Cloud Stream',
  exchanges: [
    {
      what: 'dead-letter exchange',
      role: 'application',
      name: /DLX$/,
      shape: ({ name, type }, vhost) =>
        type === 'direct' &&
        vhost.from(name).some(({ destination, routingKey }) => destination === `${routingKey}.dlq`),
      why: 'Bindings with `autoBindDlq` declare it when the application starts.',
    },
    {
      what: 'destination',
      role: 'application',
      name: /./,
      shape: ({ name }, vhost) =>
        vhost.from(name).some(({ destinationType, destination }) => {
          if (destinationType === 'exchange') return false
          const queue = vhost.queue(destination)
          return (
            destination.startsWith(`${name}.`) && queue !== undefined && (isGroup(queue, vhost) || isAnonymous(queue))
          )
        }),
      why: 'Applications declare it at every start.',
    },
  ],
  queues: [
    {
      what: 'anonymous group',
      role: 'infrastructure',
      name: new RegExp(`(?:^|\\.)(?:anonymous\\.|spring\\.gen-)${ANONYMOUS_ID}$`),
      shape: ({ autoDelete }) => autoDelete,
      why: 'A consumer without a group receives messages here while it runs. It declares a new one at every start.',
    },
    {
      what: 'dead-letter queue',
      role: 'application',
      name: /^(.+)\.dlq$/,
      shape: (_, vhost, parts) => {
        const queue = vhost.queue(captured(parts))
        return queue !== undefined && isGroup(queue, vhost)
      },
      why: 'A binding with `autoBindDlq` declares it when the application starts.',
    },
    {
      what: 'consumer group',
      role: 'application',
      name: /./,
      shape: isGroup,
      why: 'The application declares it at every start.',
    },
  ],
}

const ANONYMOUS = new RegExp(`\\.anonymous\\.${ANONYMOUS_ID}$`)

function isAnonymous({ name, autoDelete }: Queue): boolean {
  return autoDelete && ANONYMOUS.test(name)
}

/**
 * Whether a queue is named `<destination>.<group>` and dead-letters its messages with its own name as key to
 * `<destination>.<group>.dlq`.
 */
function isGroup({ name, arguments: table }: Queue, vhost: VhostShape): boolean {
  const exchange = table['x-dead-letter-exchange']
  if (typeof exchange !== 'string' || !exchange.endsWith('DLX')) return false
  if (table['x-dead-letter-routing-key'] !== name) return false
  return (
    vhost.toQueue(`${name.replace(/-\d+$/, '')}.dlq`).some(({ source }) => source === exchange) ||
    vhost.toQueue(`${name}.dlq`).some(({ source }) => source === exchange)
  )
}
