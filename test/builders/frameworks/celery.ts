import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'
import { delayLevels } from './delay-levels.ts'

const ID = '9f1c7a52-0b6e-4f0e-9c53-3f4f7c9d1a20'
const WORKER = 'celery@worker-1'

/**
 * A worker, a monitor and a client of Celery with its default settings, which waits for results by `rpc://`.
 *
 * Sources: celery/celery 5.6.2 `celery/app/amqp.py` (task queues), `celery/app/defaults.py` and
 * `celery/app/control.py` (remote control), `celery/events/receiver.py` (events), `celery/backends/rpc.py` (results),
 * `celery/utils/nodenames.py` (direct queues); celery/kombu 5.6.2 `kombu/pidbox.py` and `kombu/common.py`. A worker
 * of that version made the same declarations on RabbitMQ 3.10.
 */
export function celery(...taskQueues: readonly string[]): Declarations {
  const transient = { durable: false, autoDelete: true }
  return {
    exchanges: [
      ...taskQueues.map((name) => exchange(name)),
      exchange('celery.pidbox', { type: 'fanout', durable: false }),
      exchange('reply.celery.pidbox', { durable: false }),
      exchange('celeryev', { type: 'topic' }),
      exchange('C.dq2'),
      exchange('news', { type: 'fanout' }),
    ],
    queues: [
      ...taskQueues.map((name) => queue(name)),
      queue(`${WORKER}.celery.pidbox`, {
        ...transient,
        arguments: { 'x-expires': 10_000, 'x-message-ttl': 300_000 },
      }),
      queue(`${ID}.reply.celery.pidbox`, {
        ...transient,
        arguments: { 'x-expires': 10_000, 'x-message-ttl': 300_000 },
      }),
      queue(`celeryev.${ID}`, { ...transient, arguments: { 'x-expires': 60_000, 'x-message-ttl': 5000 } }),
      queue(`${WORKER}.dq2`),
      queue(ID, { autoDelete: true, arguments: { 'x-expires': 86_400_000 } }),
      queue(`bcast.${ID}`, { autoDelete: true }),
    ],
    bindings: [
      ...taskQueues.map((name) => binding(name, name, { routingKey: name })),
      binding('celery.pidbox', `${WORKER}.celery.pidbox`),
      binding('reply.celery.pidbox', `${ID}.reply.celery.pidbox`, { routingKey: ID }),
      binding('celeryev', `celeryev.${ID}`, { routingKey: '#' }),
      binding('C.dq2', `${WORKER}.dq2`, { routingKey: WORKER }),
      binding('news', `bcast.${ID}`),
    ],
  }
}

/**
 * The delay levels that a worker of Celery declares if its task queues are quorum queues, and a task queue bound to them.
 *
 * Sources: celery/kombu 5.6.2 `kombu/transport/native_delayed_delivery.py`; celery/celery 5.6.2
 * `celery/worker/consumer/delayed_delivery.py`.
 */
export function celeryDelays(taskQueue: string): Declarations {
  const levels = delayLevels({
    nameOf: (level) => `celery_delayed_${level}`,
    delivery: 'celery_delayed_delivery',
    type: 'quorum',
  })
  return {
    exchanges: [...levels.exchanges, exchange(taskQueue, { type: 'topic' })],
    queues: [...levels.queues, queue(taskQueue, { type: 'quorum' })],
    bindings: [
      ...levels.bindings,
      binding('celery_delayed_delivery', taskQueue, { destinationType: 'exchange', routingKey: `#.${taskQueue}` }),
      binding(taskQueue, taskQueue, { routingKey: taskQueue }),
      binding(taskQueue, taskQueue, { routingKey: `#.${taskQueue}` }),
    ],
  }
}
