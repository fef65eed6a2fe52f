import type { Exchange, Queue } from '../../model/topology.ts'
import { type FrameworkRules, UUID } from './rule.ts'
import type { VhostShape } from './vhost-shape.ts'

const EVENTS = 'Workers send their monitoring events through it. Each worker and monitor declares it at its start.'
const CONTROL = 'Workers receive remote control commands through it. Each worker declares it at its start.'
const REPLIES = 'Replies to remote control commands arrive through it. The program that sends a command declares it.'
const DELAY_LEVEL = 'Tasks with a countdown or an ETA wait in it. Each worker declares it at its start.'
/** A prefix is possible since kombu 5.6. */
const DELAY_LEVEL_NAME = /^(?:.+_)?celery_delayed_\d{1,2}$/
const DIRECT = 'Tasks for one worker arrive through it. The worker declares it if `worker_direct` is set.'

/**
 * The declarations of Celery, from celery/celery 5.6.2 and celery/kombu 5.6.2: `kombu/pidbox.py`, `kombu/common.py`,
 * `kombu/transport/native_delayed_delivery.py`, `celery/events`, `celery/backends/rpc.py`,
 * `celery/utils/nodenames.py` and `celery/app/amqp.py`.
 */
export const CELERY: FrameworkRules = {
  framework: 'Celery',
  exchanges: [
    {
      what: 'events',
      role: 'infrastructure',
      name: /^celeryev$/,
      shape: ({ type }) => type === 'topic' || type === 'fanout',
      why: EVENTS,
    },
    { what: 'reply exchange', role: 'infrastructure', name: /^reply\..+\.pidbox$/, shape: isTransient, why: REPLIES },
    { what: 'control exchange', role: 'infrastructure', name: /^.+\.pidbox$/, shape: isTransient, why: CONTROL },
    {
      what: 'delay level',
      role: 'shared-infrastructure',
      name: DELAY_LEVEL_NAME,
      shape: ({ type }) => type === 'topic',
      why: DELAY_LEVEL,
    },
    {
      what: 'delay delivery',
      role: 'shared-infrastructure',
      name: /^(?:.+_)?celery_delayed_delivery$/,
      shape: ({ type }) => type === 'topic',
      why: 'It passes tasks on after their delay. Each worker declares it at its start.',
    },
    { what: 'exchange of direct queues', role: 'application', name: /^C\.dq2?$/, why: DIRECT },
    {
      what: 'task exchange',
      role: 'application',
      name: /./,
      shape: isTaskExchange,
      why: 'Workers and publishers declare it with the queue of this name.',
    },
  ],
  queues: [
    {
      what: 'event queue',
      role: 'infrastructure',
      name: new RegExp(`^celeryev\\.${UUID}$`),
      why: 'A monitor receives the events of the workers here, and declares it at its start.',
    },
    {
      what: 'reply queue',
      role: 'infrastructure',
      name: new RegExp(`^${UUID}\\.reply\\..+\\.pidbox$`),
      why: REPLIES,
    },
    {
      what: 'control queue',
      role: 'infrastructure',
      name: /^.+\.pidbox$/,
      shape: ({ name }, vhost) => vhost.toQueue(name).every(({ source }) => source.endsWith('.pidbox')),
      why: CONTROL,
    },
    {
      what: 'result queue',
      role: 'infrastructure',
      name: new RegExp(`^${UUID}$`),
      shape: ({ autoDelete, arguments: table }) => autoDelete && 'x-expires' in table,
      why: 'A program receives the results of its tasks here (`rpc://`), and declares it with its first task.',
    },
    {
      what: 'broadcast queue',
      role: 'infrastructure',
      name: new RegExp(`^(?:.+\\.)?bcast\\.${UUID}$`),
      shape: ({ autoDelete }) => autoDelete,
      why: 'A worker receives broadcast tasks here, and declares it at its start.',
    },
    {
      what: 'delay level',
      role: 'shared-infrastructure',
      name: DELAY_LEVEL_NAME,
      shape: isDelayLevel,
      why: DELAY_LEVEL,
    },
    {
      what: 'direct queue',
      role: 'application',
      name: /^.+@.+\.dq2?$/,
      shape: ({ name }, vhost) => vhost.toQueue(name).some(({ source }) => /^C\.dq2?$/.test(source)),
      why: DIRECT,
    },
    {
      what: 'task queue',
      role: 'application',
      name: /./,
      shape: (queue, vhost) => isTaskQueue(queue, vhost),
      why: 'Workers and publishers declare it when they use it.',
    },
  ],
}

/** Delayed delivery needs a topic exchange. */
const TASK_EXCHANGE_TYPES = ['direct', 'topic']

function isTransient({ durable, type }: Exchange): boolean {
  return !durable && (type === 'fanout' || type === 'direct')
}

function isDelayLevel({ arguments: table }: Queue): boolean {
  const next = table['x-dead-letter-exchange']
  return 'x-message-ttl' in table && typeof next === 'string' && next.includes('celery_delayed_')
}

/**
 * By default, a task queue is bound to an exchange of the same name with the same key. Other programs declare such
 * pairs too.
 */
function isTaskExchange({ name, type }: Exchange, vhost: VhostShape): boolean {
  const queue = vhost.queue(name)
  return TASK_EXCHANGE_TYPES.includes(type) && queue !== undefined && isTaskQueue(queue, vhost)
}

function isTaskQueue({ name, durable }: Queue, vhost: VhostShape): boolean {
  if (!durable || !TASK_EXCHANGE_TYPES.includes(vhost.exchange(name)?.type ?? '')) return false
  const bound = vhost.toQueue(name).some(({ source, routingKey }) => source === name && routingKey === name)
  return bound && (name === 'celery' || hasWorkers(vhost))
}

function hasWorkers(vhost: VhostShape): boolean {
  return ['celeryev', 'celery.pidbox', 'celery_delayed_delivery'].some((name) => vhost.exchange(name) !== undefined)
}
