import { warning } from './kind.ts'

/** Warnings of expanding declarations into a topology. */
export const expandWarnings = {
  'via-leads-elsewhere': warning((args: { queue: string; exchange: string; routingKey: string }) => ({
    message: `via leads to exchange "${args.exchange}" with routing key "${args.routingKey}", and no declared binding leads from there to queue "${args.queue}"`,
    hint: 'bind the queue there with this key; otherwise messages do not return after their delay',
  })),
  'classic-delay-may-lose': warning(({ queues }: { queues: readonly string[] }) => ({
    message: `messages that wait for a retry of ${classicQueues(queues)} can be lost when a node is killed: from a classic queue the broker dead-letters at most once`,
    hint: 'write type: quorum, or name delay queues that are declared as quorum queues: { delay: 30s, queue: ... }',
  })),
  'retry-into-vanishing-queue': warning((args: { property: 'autoDelete' | 'expires' }) => ({
    message: `${args.property} can delete the queue while its messages wait for their retry`,
    hint: `remove ${args.property}; otherwise messages are lost when they return after their delay`,
  })),
  'quorum-drops-returns': warning((args: { queue: string; subscription: string }) => ({
    message: `from RabbitMQ 4.0 on, the quorum queue "${args.queue}" of subscription "${args.subscription}" drops a message that was returned 21 times; from 4.3 on, only returns by a closed channel or connection count`,
    hint: 'write deadLetter: true to keep it, or a limit such as deliveryLimit: 100',
  })),
  'full-queue-drops': warning((args: { queue: string; subscription: string }) => ({
    message: `when it is full, queue "${args.queue}" of subscription "${args.subscription}" drops its oldest messages, which the broker has confirmed`,
    hint: 'write overflow: reject-publish, which reports to the publisher instead, or overflow: drop-head to accept the loss',
  })),
  'raw-overflow-drops-head': warning((args: { queue: string }) => ({
    message: `the quorum queue "${args.queue}" treats x-overflow reject-publish-dlx as drop-head, and drops its oldest messages when it is full`,
    hint: 'write overflow: reject-publish, which reports to the publisher instead',
  })),
  'dead-letter-exchange-unknown': warning((args: { exchange: string }) => ({
    message: `dead letters go to exchange "${args.exchange}", which is not declared, and the broker drops them while it does not exist`,
    hint: 'declare the exchange, with external: true if another program creates it, or write deadLetter instead',
  })),
  'dead-letters-reach-nothing': warning((args: { exchange: string; routingKey?: string }) => ({
    message: `dead letters reach no queue: ${
      args.exchange === ''
        ? args.routingKey === undefined
          ? 'the default exchange routes them by queue name, and no declared queue has their routing key as its name'
          : `the default exchange sends them to queue "${args.routingKey}", which is not declared`
        : `no declared binding of exchange "${args.exchange}" matches ${args.routingKey === undefined ? 'them' : `the routing key "${args.routingKey}"`}`
    }`,
    hint: 'bind a queue there with this key, correct the key, or write deadLetter: true instead',
  })),
  'alternate-exchange-unknown': warning((args: { exchange: string }) => ({
    message: `unroutable messages go to exchange "${args.exchange}", which is not declared, and the broker drops them while it does not exist`,
    hint: 'declare the exchange, with external: true where another project creates it',
  })),
  'alternate-exchange-reaches-nothing': warning((args: { exchange: string }) => ({
    message: `unroutable messages go to exchange "${args.exchange}" and reach no queue: the exchange has no declared binding`,
    hint: 'bind a queue to it, unless another project does',
  })),
  'prefetch-outlasts-timeout': warning((args: { subscription: string }) => ({
    message: `at its rateLimit, subscription "${args.subscription}" holds the last message of its prefetch for over 30 minutes, and the broker then requeues it`,
    hint: 'lower prefetch, or raise the consumer_timeout of the broker',
  })),
  'handler-outlasts-timeout': warning((args: { subscription: string }) => ({
    message: `subscription "${args.subscription}" lets a handler run for over 30 minutes, and the broker then requeues its message`,
    hint: 'lower timeout, or raise the consumer_timeout of the broker',
  })),
  'writes-to-every-queue': warning((args: { user: string; publications: readonly string[] }) => ({
    message: `user "${args.user}" may write to every queue of the vhost, because ${args.publications.map((each) => `"${each}"`).join(', ')} goes through the default exchange`,
    hint: 'publish through an exchange to which only that queue is bound',
  })),
  'replies-to-every-queue': warning((args: { user: string; requests: readonly string[] }) => ({
    message: `user "${args.user}" may write to every queue of the vhost, because replies to ${quotedList(args.requests)} go through the default exchange`,
    hint: 'RabbitMQ routes replies in this way: answer in a vhost where this user may write to the queues',
  })),
  'publishes-with-any-key': warning(
    (args: { user: string; exchange: string; publications: readonly string[]; destinations: readonly string[] }) => ({
      message:
        `user "${args.user}" may publish to exchange "${args.exchange}" with any key and headers, because ` +
        `${quotedList(args.publications)} ${args.publications.length === 1 ? 'goes' : 'go'} through it, and so to ${quotedList(args.destinations)}`,
      hint: 'publish through a topic exchange, on which can also restricts the key, or through an exchange only for this user',
    }),
  ),
  'dead-letters-beside-others': warning(
    (args: { user: string; exchange: string; destinations: readonly string[] }) => ({
      message: `user "${args.user}" may publish to exchange "${args.exchange}" for its dead letters, and so to ${args.destinations.map((each) => `"${each}"`).join(', ')}`,
      hint: 'send dead letters to <queue>.failed, or to a separate exchange',
    }),
  ),
  'exchange-type-misspelt': warning((args: { type: string; suggestion: string }) => ({
    message: `the broker has no exchange type "${args.type}", unless a plugin adds one`,
    hint: `did you mean "${args.suggestion}"?`,
  })),
  'publication-reaches-nothing': warning((args: { publication: string; exchange: string; routingKey: string }) => ({
    message: `publication "${args.publication}" reaches no queue: no declared binding of exchange "${args.exchange}" matches the routing key "${args.routingKey}"`,
    hint: 'bind a queue there with this key, unless another project does; mandatory: false allows messages without a receiver',
  })),
}

function quotedList(names: readonly string[]): string {
  return names.map((each) => `"${each}"`).join(', ')
}

/** Names only some of them, because there may be thousands. */
function classicQueues(names: readonly string[]): string {
  const few = names.slice(0, MOST_NAMED).map((each) => `"${each}"`)
  const more = names.length > few.length ? ` and ${names.length - few.length} more` : ''
  return `the classic ${names.length === 1 ? 'queue' : 'queues'} ${few.join(', ')}${more}`
}

const MOST_NAMED = 3
