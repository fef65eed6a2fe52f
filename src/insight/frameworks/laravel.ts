import { captured, type FrameworkRules } from './rule.ts'

/**
 * The declarations of the RabbitMQ driver of Laravel's queues, from vyuldashev/laravel-queue-rabbitmq 14.5.3,
 * `src/Queue/RabbitMQQueue.php` and `src/Queue/QueueConfig.php`.
 */
export const LARAVEL: FrameworkRules = {
  framework: 'Laravel',
  exchanges: [],
  queues: [
    {
      what: 'delay queue',
      role: 'infrastructure',
      name: /^(.+)\.delay\.(\d+)$/,
      shape: ({ arguments: table }, _, parts) => {
        const ttl = Number(captured(parts, 2))
        const key = table['x-dead-letter-routing-key']
        return (
          table['x-message-ttl'] === ttl &&
          table['x-expires'] === ttl * 2 &&
          typeof key === 'string' &&
          key.includes(captured(parts))
        )
      },
      why: 'Jobs wait here for one delay. It is declared with each such job, and expires.',
    },
    {
      what: 'queue of failed jobs',
      role: 'application',
      name: /^(.+)\.failed$/,
      shape: (_, vhost, parts) => {
        const table = vhost.queue(captured(parts))?.arguments ?? {}
        return table['x-dead-letter-routing-key'] === captured(parts, 0) && 'x-dead-letter-exchange' in table
      },
      why: 'Failed jobs are rerouted here (`reroute_failed`). You declare it yourself.',
    },
    {
      what: 'job queue',
      role: 'application',
      name: /./,
      shape: ({ name, arguments: table }) =>
        table['x-dead-letter-routing-key'] === `${name}.failed` && table['x-dead-letter-exchange'] === '',
      why: 'It is declared with the first job.',
    },
  ],
}
