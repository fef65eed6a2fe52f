import { captured, type FrameworkRules, type Rule } from './rule.ts'
import type { VhostShape } from './vhost-shape.ts'

const RETRY = 'Rejected messages wait here before they return to the queue. The worker declares it at every start.'
const ERROR = 'Messages that failed too often are published here. The worker declares it at every start.'

/**
 * The declarations of Sneakers, from jondot/sneakers 2.13.0.pre: `lib/sneakers/handlers/maxretry.rb`, `queue.rb` and
 * `configuration.rb`. Its successor Kicks kept these names.
 */
export const SNEAKERS: FrameworkRules = {
  framework: 'Sneakers',
  exchanges: [
    {
      what: 'default exchange of workers',
      role: 'application',
      name: /^sneakers$/,
      shape: ({ type }) => type === 'direct',
      why: 'Workers and publishers declare it at every start.',
    },
    {
      what: 'requeue exchange',
      role: 'application',
      name: /^(.+)-retry-requeue$/,
      shape: (_, vhost, parts) => retries(captured(parts), vhost),
      why: 'Messages return through it to the queue of the worker. The worker declares it at every start.',
    },
    ...retryObjects('exchange'),
  ],
  queues: [
    ...retryObjects('queue'),
    {
      what: 'queue of a worker',
      role: 'application',
      name: /./,
      shape: ({ name }, vhost) =>
        retries(name, vhost) || vhost.toQueue(name).some(({ source }) => source === 'sneakers'),
      why: 'The worker declares it at every start.',
    },
  ],
}

/** The exchanges or queues for retries and errors of a worker, which have the same names. */
function retryObjects(kind: 'exchange' | 'queue'): readonly Rule<unknown>[] {
  const isOfWorker = (_: unknown, vhost: VhostShape, parts: RegExpExecArray) => retries(captured(parts), vhost)
  return [
    { what: `retry ${kind}`, role: 'application', name: /^(.+)-retry$/, shape: isOfWorker, why: RETRY },
    { what: `error ${kind}`, role: 'application', name: /^(.+)-error$/, shape: isOfWorker, why: ERROR },
  ]
}

/** Whether a worker consumes the queue with the handler `Maxretry`, judged by the properties of the retry queue. */
function retries(queue: string, vhost: VhostShape): boolean {
  const retry = vhost.queue(`${queue}-retry`)
  return (
    retry?.arguments['x-dead-letter-exchange'] === `${queue}-retry-requeue` &&
    'x-message-ttl' in retry.arguments &&
    vhost.exchange(`${queue}-retry`)?.type === 'topic'
  )
}
