import { didYouMean } from '../text/did-you-mean.ts'
import { error, warning } from './kind.ts'

/** Findings of expanding declarations into a topology: references to missing objects, names, permissions. */
export const expandFindings = {
  'unknown-exchange': error((args: { exchange: string; vhost: string; suggestion?: string }) => ({
    message: `exchange "${args.exchange}" is not declared in vhost "${args.vhost}"`,
    hint: didYouMean(args, 'declare it under exchanges:, with external: true if another project owns it'),
  })),
  'unknown-queue': error((args: { queue: string; vhost: string; suggestion?: string }) => ({
    message: `queue "${args.queue}" is not declared in vhost "${args.vhost}"`,
    hint: didYouMean(args, 'declare it under queues:, with external: true if another project owns it'),
  })),
  'unknown-route': error(
    (args: { kind: 'publication' | 'subscription' | 'request'; name: string; vhost: string; suggestion?: string }) => ({
      message: `${args.kind} "${args.name}" is not declared in vhost "${args.vhost}"`,
      hint: didYouMean(args, `declare it under ${args.kind}s:`),
    }),
  ),
  'parameter-twice': error((args: { component: string; name: string }) => ({
    message: `the parameter "${args.name}" of component "${args.component}" is declared twice`,
    hint: 'keep one of the two',
  })),
  'global-parameter-twice': error((args: { name: string }) => ({
    message: `the global parameter "${args.name}" is declared in documents of two vhosts`,
    hint: 'the broker has one for all vhosts: keep one of the two',
  })),
  'reserved-parameter': error((args: { name: string }) => ({
    message: `the global parameter "${args.name}" is reserved for warren's ownership records`,
    hint: 'give it a name that does not begin with "warren."',
  })),
  'renamed-from-itself': error((args: { kind: string; name: string }) => ({
    message: `the ${args.kind} "${args.name}" is declared, so nothing else can be renamed from it`,
    hint: 'remove renamedFrom, or remove the old name from the files',
  })),
  'renamed-twice': error((args: { kind: string; name: string }) => ({
    message: `two declarations are renamed from the ${args.kind} "${args.name}"`,
    hint: 'keep renamedFrom in only one of them',
  })),
  'holding-name-taken': error((args: { name: string; from: string; to: string }) => ({
    message: `the queue "${args.name}" is declared, and the messages of "${args.from}" wait in a queue of this name while it is renamed to "${args.to}"`,
    hint: `give the queue "${args.name}" another name; if the rename is done, remove renamedFrom`,
  })),
  'lock-name-taken': error((args: { name: string }) => ({
    message: `the queue "${args.name}" has a name that is reserved for warren's locks`,
    hint: 'give it a name that does not begin with "warren.lock."',
  })),
  'derived-policy-taken': error((args: { name: string }) => ({
    message: `the policy "${args.name}" is declared, and deadLetter with by: policy creates one with this name`,
    hint: 'rename the declared policy',
  })),
  'binding-breaks-lists': error((args: { routingKey: string }) => ({
    message: `a binding with arguments and the routing key "${args.routingKey}" makes RabbitMQ answer 500 to every later list of bindings`,
    hint: 'remove the ~ from the routing key, move it to the end, or leave the arguments out',
  })),
  'super-stream-partitions': error(() => ({
    message: 'a super stream has either a number of partitions or bindingKeys',
    hint: 'write partitions: 3, or bindingKeys: [eu, us]',
  })),
  'binding-key-twice': error((args: { key: string }) => ({
    message: `the binding key "${args.key}" appears twice, but names one stream`,
    hint: 'write each binding key once',
  })),
  'default-exchange-key': error((args: { queue: string; routingKey: string }) => ({
    message: `through the default exchange a message goes to the queue that its routing key names, which is "${args.routingKey}" and not "${args.queue}"`,
    hint: `leave the routingKey out, or write "${args.queue}"`,
  })),
  'default-exchange-without-queue': error(() => ({
    message:
      'through the default exchange dead letters go to the queue that their routing key names, but there is none',
    hint: 'write the name of a queue as the routingKey, or leave queue: false out',
  })),
  'default-exchange': error(() => ({
    message: 'the empty name means the default exchange, which is not allowed here',
    hint: 'name an exchange; a publication reaches a queue without one by queue: NAME',
  })),

  'not-a-duration': error((args: { what: string; value: string }) => ({
    message: `${args.what} is "${args.value}", which is not a duration`,
    hint: 'write 250ms, 5s, 30m, 2h, 14d, or a whole number of milliseconds',
  })),
  'duration-too-fine': error((args: { what: string; value: string }) => ({
    message: `${args.what} is ${args.value}, but the broker counts it in whole seconds`,
    hint: 'write a whole number of seconds, such as 30s',
  })),
  'not-a-size': error((args: { what: string; value: string }) => ({
    message: `${args.what} is "${args.value}", which is not a size`,
    hint: 'write 512KiB, 10MB, 1GiB, or a whole number of bytes',
  })),
  'not-a-rate': error((args: { what: string; value: string }) => ({
    message: `${args.what} is "${args.value}", which is not a rate`,
    hint: 'write 50/s, 3000/m or 10/h',
  })),
  'not-an-offset': error((args: { value: string }) => ({
    message: `offset is "${args.value}", which is not a position in a stream`,
    hint: 'write first, last, next, the number of a message, or a time such as 2026-01-31T12:00:00Z',
  })),
  'out-of-range': error((args: { what: string; value: string; minimum: string; maximum: string }) => ({
    message: `${args.what} is ${args.value}, which is out of range`,
    hint: `write a value from ${args.minimum} to ${args.maximum}`,
  })),

  'argument-twice': error((args: { property: string; argument: string }) => ({
    message: `the argument ${args.argument} has the same effect as ${args.property}`,
    hint: `keep ${args.property}, and remove ${args.argument} from arguments:`,
  })),
  'property-not-of-type': error((args: { property: string; type: string; types: readonly string[] }) => ({
    message: `a ${args.type} queue has no ${args.property}`,
    hint: `only ${args.types.join(' and ')} queues have it`,
  })),
  'queue-type-unknown': error((args: { type: string }) => ({
    message: `"${args.type}" is not a queue type`,
    hint:
      args.type === 'lazy'
        ? 'write classic: lazy is a mode of classic queues, which 3.12 and later always use'
        : 'write type: classic, type: quorum or type: stream',
  })),
  'value-refused': error((args: { what: string; value: string; expected: string; isText: boolean }) => ({
    message: `${args.what} is ${args.isText ? `the text "${args.value}"` : args.value}, which RabbitMQ does not accept`,
    hint: `write ${args.expected}`,
  })),
  'argument-needs': error((args: { argument: string; needs: string }) => ({
    message: `RabbitMQ refuses ${args.argument} without ${args.needs}`,
    hint: `add ${args.needs}, or remove ${args.argument}`,
  })),
  'argument-excludes': error((args: { argument: string; excludes: string }) => ({
    message: `RabbitMQ refuses ${args.argument} and ${args.excludes} on the same exchange`,
    hint: 'keep one of the two',
  })),
  'key-below-other': error((args: { key: string; other: string }) => ({
    message: `${args.key} is smaller than ${args.other}, which RabbitMQ refuses`,
    hint: `write a number for ${args.key} that is at least ${args.other}`,
  })),
  'policy-empty': error(() => ({
    message: 'the definition of the policy is empty, which RabbitMQ refuses',
    hint: 'set at least one key, or remove the policy',
  })),
  'policy-key-prefixed': error((args: { key: string; instead: string }) => ({
    message: `policies have no key ${args.key}: the keys of policies lack the "x-" of queue arguments`,
    hint: `write ${args.instead}`,
  })),
  'policy-key-misspelt': warning((args: { key: string; suggestion: string }) => ({
    message: `RabbitMQ has no policy key ${args.key}, and refuses a policy with it unless a plugin adds the key`,
    hint: `did you mean ${args.suggestion}?`,
  })),
  'policy-key-is-argument': error((args: { key: string; argument: string }) => ({
    message: `a policy cannot set ${args.key}, which is an argument of queues only`,
    hint: `remove it here, and set ${args.argument} on the queues`,
  })),
  'expression-invalid': error((args: { property: string; expression: string; problem: string }) => ({
    message: `${args.property} is "${args.expression}", which is not a regular expression: ${args.problem}`,
    hint: 'correct the expression: ".*" matches every name, and a character such as * is matched literally as \\*',
  })),
  'property-needs-type': error((args: { property: string; types: readonly string[] }) => ({
    message: `${args.property} needs a queue type, because not every type has it`,
    hint: `write type: ${args.types.join(' or type: ')}`,
  })),
  'type-required': error((args: { property: 'retry' | 'deadLetter' }) => ({
    message: `${args.property} needs a queue type, because the objects that it adds depend on the type`,
    hint: 'write type: quorum or type: classic, or a defaultQueueType in the long form of vhost:',
  })),
  'always-durable': error((args: { type: string }) => ({
    message: `a ${args.type} queue is always durable`,
    hint: 'remove durable: false',
  })),
  'never-auto-delete': error((args: { type: string }) => ({
    message: `a ${args.type} queue never deletes itself with its last consumer`,
    hint: 'remove autoDelete: true',
  })),
  'delivery-limit-negative': error(() => ({
    message:
      'a negative deliveryLimit means no limit from RabbitMQ 4.0 on; earlier versions drop a message when it is first returned',
    hint: 'write 1000000, which means the same on every version',
  })),
  'overflow-not-on-quorum': error(() => ({
    message: 'a quorum queue treats overflow: reject-publish-dlx as drop-head',
    hint: 'write overflow: reject-publish or overflow: drop-head',
  })),

  'duplicate-binding': error(
    (args: { source: string; destination: string; destinationType: string; routingKey: string }) => ({
      message: `${args.destinationType} "${args.destination}" is bound to exchange "${args.source}" with routing key "${args.routingKey}" twice`,
      hint: 'remove one of the bindings',
    }),
  ),
  'binding-slot-taken': error(
    (args: {
      source: string
      destination: string
      destinationType: string
      rule: 'destination' | 'destination-and-key'
      keys: readonly [string, string]
    }) =>
      args.rule === 'destination'
        ? {
            message: `${args.destinationType} "${args.destination}" is bound to exchange "${args.source}" with the weights "${args.keys[0]}" and "${args.keys[1]}", and RabbitMQ ignores the second`,
            hint: 'keep one binding; its routing key is the weight of the destination',
          }
        : {
            message: `${args.destinationType} "${args.destination}" is bound to exchange "${args.source}" with routing key "${args.keys[1]}" and two selectors, and RabbitMQ before 4.3 keeps only one`,
            hint: 'keep one binding, with a selector that combines both',
          },
  ),
  'routing-key-too-long': error((args: { bytes: number }) => ({
    message: `the routing key has ${args.bytes} bytes`,
    hint: 'AMQP carries at most 255',
  })),
  'binding-weight': error((args: { routingKey: string }) => ({
    message: `the routing key of a binding from an x-consistent-hash exchange is its weight, and "${args.routingKey}" is not a whole number above 0`,
    hint: 'write routingKey: "1" for equal shares, or a larger number for a larger share',
  })),
  'binding-local-random': error(
    (args: {
      problem: 'key' | 'destination'
      routingKey: string
      destinationType: string
      destination: string
      queueType: string | undefined
    }) =>
      args.problem === 'key'
        ? {
            message: `an x-local-random exchange does not use routing keys, but this binding has "${args.routingKey}"`,
            hint: 'remove the routing key',
          }
        : {
            message: `an x-local-random exchange accepts only classic queues, but ${args.destinationType} "${args.destination}" is ${args.destinationType === 'queue' ? `a ${args.queueType} queue` : 'none'}`,
            hint: 'bind a classic queue, or use another type of exchange',
          },
  ),
  'unknown-x-match': error((args: { match: string }) => ({
    message: `x-match is "${args.match}"`,
    hint: 'write all, any, all-with-x or any-with-x',
  })),

  'external-user-changed': error((args: { user: string; property: string }) => ({
    message: `user "${args.user}" is external, so its ${args.property} is not set here`,
    hint: `remove ${args.property}, or external: true`,
  })),
  'password-and-hash': error(() => ({
    message: 'a user has a password or a passwordHash, not both',
    hint: 'remove one of them',
  })),
  'algorithm-without-hash': error(() => ({
    message: 'hashingAlgorithm describes a passwordHash, but there is no passwordHash',
    hint: 'remove hashingAlgorithm, or add passwordHash',
  })),
  'hash-not-base64': error(() => ({
    message: 'passwordHash is not Base64, which RabbitMQ refuses',
    hint: 'write the hash as "rabbitmqctl hash_password" or an export prints it; a password itself is written as password:',
  })),
  'permissions-and-can': error((args: { user: string; vhost: string }) => ({
    message: `user "${args.user}" has both permissions and can in vhost "${args.vhost}"`,
    hint: 'keep can, which derives the permissions, or write all of them manually',
  })),
  'topic-permission-and-can': error((args: { user: string; exchange: string }) => ({
    message: `can already derives what user "${args.user}" may do on topic exchange "${args.exchange}"`,
    hint: 'remove it from topicPermissions, or replace can by permissions',
  })),
  'pattern-too-long': error((args: { user: string; right: string; bytes: number; routes: readonly string[] }) => ({
    message: `the ${args.right} right of user "${args.user}" needs a regular expression of ${args.bytes} bytes, for ${args.routes.join(', ')}`,
    hint: 'RabbitMQ 4.3 accepts at most 1,024: split the routes between users, or write permissions manually',
  })),
}
