import type { ArgumentValue } from '../../../src/model/arguments.ts'
import type { ValueRule } from '../../../src/model/broker-tables/value-rule.ts'

/** URIs without a host have no vhost, because the broker would check whether a login may connect to it. */
const TAKEN_URIS = 'amqp:// amqp://h amqps://h/v amqp://u:p@h:05/%2f?heartbeat=-5 AMQP://h amqp://[::1]:5'.split(' ')
const REFUSED_URIS =
  'http://h amqp:h h amqp://h:x amqp://h:0 amqp://h:65536 amqp://h: amqp://:5672 amqp://h/a/b amqp://h/%zz amqp://u%:p@h amqp://u:p/@h amqp://u:p#@h amqp://[::1]x amqp://h?heartbeat=x amqps://h?depth=a amqp://h?auth_mechanism= amqps:// amqps:///v amqps://u:p@/v'.split(
    ' ',
  )
const ARGUMENTS: readonly ArgumentValue[] = [
  { 'x-max-length': 5 },
  { 'x-max-length': 'five' },
  { 'x-queue-type': 'quorum' },
]

/** Values on both sides of the limits of a rule. */
export function edgesOf(rule: ValueRule): ArgumentValue[] {
  switch (rule.form) {
    case 'integer': {
      const { minimum = -1, maximum = 3_000_000_000 } = rule
      return [
        minimum,
        maximum,
        minimum - 1,
        ...(rule.maximum === undefined ? [] : [maximum + 1]),
        minimum + 0.5,
        '60000',
      ]
    }
    case 'text':
      return [
        '',
        'amq.direct',
        5,
        true,
        ...(rule.maxBytes === undefined ? [] : ['x'.repeat(rule.maxBytes), 'x'.repeat(rule.maxBytes + 1)]),
      ]
    case 'boolean':
      return [true, false, 'true', 1]
    case 'one-of':
      return [...rule.values, 'min-masters', 'something else', 7]
    case 'age':
      return ['7D', '24h', '0D', '5x', 7]
    case 'number':
      return [5, -1, 1.5, 'text', true]
    case 'uris':
      return [...TAKEN_URIS, ...REFUSED_URIS, 5, {}, [], ['amqp://h', 'amqp://g'], ['http://h'], [5]]
    case 'table':
      return [
        {},
        [],
        'text',
        5,
        { a: 'b' },
        { a: 5 },
        { content_type: 'text/plain' },
        { content_type: 5 },
        ...ARGUMENTS,
      ]
    case 'either':
      return rule.rules.flatMap(edgesOf)
    case 'any':
      return []
  }
}
