import type { DeadLetterSection, QueueSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { ArgumentValue } from '../../../model/arguments.ts'
import { deadLetterQueueName } from '../../../model/generated-names.ts'
import type { Binding, Queue } from '../../../model/topology.ts'
import { argumentTable } from '../objects/argument-table.ts'
import { inherited, renamedWith } from './derived-from.ts'
import { NEVER_BY_RETURNS, type DerivedQueue, type LastRoute } from './derived-queue.ts'
import { integerWithin, LONGEST_TIMER, readDuration, readSize } from '../values/quantity.ts'
import type { KnownExchange } from '../checks/known-exchanges.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'

/**
 * Makes the dead-letter queue of a queue: durable, of the same type, and with limits so that reading dead letters
 * drops none.
 */
export function deadLetterQueue(
  scope: ExpandContext,
  queue: Queue,
  section: QueueSection,
  deadLetter: DeadLetterSection,
): DerivedQueue {
  const limits = limitArguments(scope, deadLetter)
  const name = deadLetter.queue || deadLetterQueueName(queue.name)
  if (name === queue.name) {
    scope.report(finding('dead-letters-to-itself', { queue: name }, scope.locate(deadLetter, 'queue')))
  }
  return {
    queue: {
      vhost: queue.vhost,
      name,
      ...(queue.type !== undefined && { type: queue.type }),
      durable: true,
      autoDelete: false,
      arguments: argumentTable(queue.type === 'quorum' ? { 'x-delivery-limit': NEVER_BY_RETURNS } : {}, limits),
      origin: scope.locate(section, 'deadLetter'),
      role: { kind: 'dead-letter', of: queue.name },
      ...inherited(queue),
      ...(deadLetter.queue === undefined && renamedWith(queue, deadLetterQueueName)),
    },
    purpose: 'dead-letter',
    of: queue.name,
    named: typeof deadLetter.queue === 'string',
    limited: Object.keys(limits).length > 0,
  }
}

function limitArguments(scope: ExpandContext, deadLetter: DeadLetterSection): Record<string, ArgumentValue> {
  const { messageTtl, maxLength, maxLengthBytes } = deadLetter
  const whole = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
  const limits = {
    'x-message-ttl':
      messageTtl === undefined
        ? undefined
        : readDuration(messageTtl, placeOf(scope, deadLetter, 'messageTtl'), { minimum: 0, maximum: LONGEST_TIMER }),
    'x-max-length':
      maxLength === undefined ? undefined : integerWithin(maxLength, placeOf(scope, deadLetter, 'maxLength'), whole),
    'x-max-length-bytes':
      maxLengthBytes === undefined
        ? undefined
        : readSize(maxLengthBytes, placeOf(scope, deadLetter, 'maxLengthBytes'), whole),
  }
  return Object.fromEntries(Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined))
}

/** Binds a dead-letter queue to the exchange for dead letters. */
export function bindDeadLetterQueue(
  scope: ExpandContext,
  { queue }: DerivedQueue,
  deadLetter: DeadLetterSection,
  last: LastRoute,
  exchange: KnownExchange | undefined,
): Binding {
  const type = exchange?.type
  if (type !== undefined && !['direct', 'topic', 'fanout'].includes(type)) {
    scope.report(
      finding(
        'dead-letter-exchange-type',
        { exchange: last.exchange, type },
        scope.locate(deadLetter, 'exchange', 'value'),
      ),
    )
  }
  return {
    vhost: queue.vhost,
    source: last.exchange,
    destinationType: 'queue',
    destination: queue.name,
    routingKey: type === 'fanout' ? '' : last.routingKey,
    arguments: argumentTable(),
    ...(queue.origin && { origin: queue.origin }),
    ...inherited(queue),
  }
}
