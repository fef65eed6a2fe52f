import type { Unsupported } from '../plan/plan.ts'
import { showText } from './show-value.ts'

/** Why the connected broker cannot hold something, and what can be done about it. */
export function explainUnsupported(what: Unsupported): [what: string, mend: string] {
  switch (what.kind) {
    case 'exchange-type':
      return [
        `the broker offers no exchanges of type ${showText(what.type)}`,
        `it offers ${what.offered.join(', ')}; others come with plugins, which are enabled by: rabbitmq-plugins enable NAME`,
      ]
    case 'apply-to':
      return [
        `the broker knows no applyTo: ${what.applyTo}, which came with RabbitMQ ${what.since}`,
        'write applyTo: queues and a pattern that matches only the queues that are meant',
      ]
    case 'operator-policies-forbidden':
      return [
        'the configuration of the broker forbids changing operator policies through its API',
        'take it out of the files, or ask who runs the broker',
      ]
    case 'plugin-missing':
      return [
        `the broker takes no parameters of component ${showText(what.component)}, since it does not run ${what.plugin}`,
        `enable it with: rabbitmq-plugins enable ${what.plugin}`,
      ]
    case 'default-queue-type-fixed':
      return [
        `the default queue type of a vhost that is there already can be changed only from RabbitMQ ${what.since} on`,
        'declare the type that it has, or give each queue its type',
      ]
    case 'argument-removed':
      return [
        `RabbitMQ takes no ${what.argument} from ${what.since} on`,
        'take the argument out, or write 2, which is all that there is',
      ]
    case 'argument-new':
      return [
        `RabbitMQ takes ${what.argument} from ${what.since} on, and before does nothing with it`,
        'leave out mode: native of retry, so that delay queues do the waiting',
      ]
    case 'policy-key-removed':
      return [
        `RabbitMQ takes no ${what.key} from ${what.since} on`,
        'take the key out; quorum queues are replicated by themselves',
      ]
    case 'expression-too-long':
      return [
        `${what.property} has ${what.bytes} bytes, and the broker takes regular expressions of ${what.limit}`,
        'shorten it, by a common prefix for example',
      ]
  }
}
