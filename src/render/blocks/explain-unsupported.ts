import type { Unsupported } from '../../plan/broker-support/abilities.ts'
import { showText } from '../words/show-value.ts'

/** The replacements of deprecated features. */
const INSTEAD_OF: Readonly<Record<string, string>> = {
  transient_nonexcl_queues: 'declare the queue durable',
  queue_master_locator: 'use the leader locator',
}

/** Explains what the connected broker does not support, and what to do. */
export function explainUnsupported(what: Unsupported): [what: string, remedy: string] {
  switch (what.kind) {
    case 'exchange-type':
      return [
        `the broker offers no exchanges of type ${showText(what.type)}`,
        `it offers ${what.offered.join(', ')}; others come with plugins, which are enabled by: rabbitmq-plugins enable NAME`,
      ]
    case 'apply-to':
      return [
        `the broker does not support applyTo: ${what.applyTo}, which came with RabbitMQ ${what.since}`,
        'write applyTo: queues and a pattern that matches only the intended queues',
      ]
    case 'operator-policies-forbidden':
      return [
        'the configuration of the broker forbids changing operator policies through its API',
        'remove it from the files, or ask the administrator of the broker',
      ]
    case 'user-protected':
      return [
        'the broker does not let its API change or delete a user with the tag "protected"',
        'remove that tag first, with: rabbitmqctl set_user_tags',
      ]
    case 'plugin-missing':
      return [
        `the broker does not accept parameters of component ${showText(what.component)}, because it does not run ${what.plugin}`,
        `enable it with: rabbitmq-plugins enable ${what.plugin}`,
      ]
    case 'component-unknown':
      return [
        `the broker does not accept parameters of component ${showText(what.component)}: none of its plugins provides it`,
        'correct the name, or enable the plugin that provides it',
      ]
    case 'default-queue-type-fixed':
      return [
        `the default queue type of an existing vhost can be changed only from RabbitMQ ${what.since} on`,
        'declare the type that it has, or give each queue its type',
      ]
    case 'argument-refused':
      return explainRefusedArgument(what)
    case 'parameter-refused':
      return explainRefusedParameter(what)
    case 'policy-value-refused':
      return [
        `this version of RabbitMQ does not accept ${what.value} for the policy key ${showText(what.key)}`,
        `write ${what.expected}`,
      ]
    case 'argument-new':
      return [
        `RabbitMQ supports ${what.argument} from ${what.since} on; earlier versions ignore it`,
        'remove mode: native from retry, so that messages wait in delay queues',
      ]
    case 'feature-denied':
      return [
        `the broker denies the deprecated feature ${what.feature}, which ${what.needs} needs`,
        `${INSTEAD_OF[what.feature] ?? 'do not use it'}, or permit it in rabbitmq.conf: deprecated_features.permit.${what.feature} = true`,
      ]
    case 'policy-key-unknown':
      return [
        `the broker does not know the policy key ${showText(what.key)}, which exists from RabbitMQ ${what.since}`,
        'remove the key, or upgrade the broker',
      ]
    case 'policy-key-of-plugin':
      return [
        `the broker does not know the policy key ${showText(what.key)}, because it does not run ${what.plugin}`,
        `enable it with: rabbitmq-plugins enable ${what.plugin}`,
      ]
    case 'no-operator-policy-key':
      return [
        `operator policies have no key ${showText(what.key)}${what.since === undefined ? '' : ` before RabbitMQ ${what.since}`}`,
        'remove the key, or write an ordinary policy',
      ]
    case 'policy-key-removed':
      return [
        `RabbitMQ does not accept ${what.key} from ${what.since} on`,
        'remove the key; quorum queues are always replicated',
      ]
    case 'stream-name-too-long':
      return [
        `the names of the stream and its vhost have ${what.length} ${what.unit} together, and the broker cannot create a folder with a name of more than ${what.limit}: ` +
          'it would report the stream as running, but confirm no message',
        'give it a shorter name',
      ]
    case 'routing-key-refused':
      return what.limits === 'weight'
        ? [
            `this version of RabbitMQ takes weights of at most ${what.limit.toLocaleString('en-US')}, and the routing key is ${showText(what.routingKey)}`,
            'divide the weights of all bindings of the exchange by the same number',
          ]
        : [
            `this version of RabbitMQ accepts at most ${what.limit} words "#" in a binding of a topic exchange, and the routing key is ${showText(what.routingKey)}`,
            'use * for a single word, or bind a wider pattern',
          ]
    case 'expression-too-long':
      return [
        `${what.property} has ${what.bytes} bytes, and the broker accepts regular expressions of ${what.limit}`,
        'shorten it, for example with a common prefix',
      ]
  }
}

function explainRefusedArgument(what: Extract<Unsupported, { kind: 'argument-refused' }>): [string, string] {
  const { argument, value, expected, needs } = what
  const queue = what.type === undefined ? 'a queue' : `a ${what.type} queue`
  if (needs !== undefined)
    return [`RabbitMQ refuses ${argument} without ${needs}`, `add ${needs}, or remove ${argument}`]
  if (value === undefined || expected === undefined) {
    return [`this version of RabbitMQ does not accept ${argument} on ${queue}`, 'remove the argument']
  }
  return [
    `this version of RabbitMQ does not accept ${value} for ${argument} on ${queue}`,
    `write ${expected}, or remove the argument`,
  ]
}

function explainRefusedParameter(what: Extract<Unsupported, { kind: 'parameter-refused' }>): [string, string] {
  const { key, since, expected, needs, excludes } = what
  const component = `parameters of component ${showText(what.component)}`
  if (needs !== undefined) return [`the broker refuses ${component} without ${needs}`, `add ${needs}`]
  if (key === undefined) return [`the broker refuses the value of these ${component}`, `write ${expected ?? 'a table'}`]
  if (excludes !== undefined)
    return [`the broker refuses ${showText(key)} together with ${excludes}`, 'remove one of the two']
  if (expected !== undefined) {
    return [`this version of RabbitMQ does not accept the value of ${showText(key)}`, `write ${expected}`]
  }
  return [
    `this version of RabbitMQ refuses ${component} with the key ${showText(key)}` +
      (since === undefined ? ', which no version from 3.10 to 4.3 knows' : `, which came with RabbitMQ ${since}`),
    'remove the key, or correct its spelling',
  ]
}
