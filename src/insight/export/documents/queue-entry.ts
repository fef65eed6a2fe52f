import { QUEUE_TYPES } from '../../../model/broker-tables/queue-arguments.ts'
import {
  ARGUMENT_OF_PROPERTY,
  type ArgumentProperty,
  queueTypesOfProperty,
} from '../../../model/broker-tables/queue-properties.ts'
import type { Queue } from '../../../model/topology.ts'
import { durationLabel } from '../../../model/values/duration.ts'
import type { CommentedEntry, CommentedTable } from '../../../desired/source/yaml/commented.ts'
import { escapeReferences } from '../../../desired/source/references/named-text.ts'
import type { FoldedDeadLetter } from '../fold/fold-dead-letter.ts'
import type { FoldedPath, FoldedRetry } from '../fold/fold-failure-path.ts'
import type { FoldedNativeRetry } from '../fold/fold-native-retry.ts'
import { durationText, isWithin, sizeText } from './quantity-text.ts'
import type { SecretReferences } from './secret-references.ts'

type Written = string | number | boolean

/** The text of each property for the value of its argument; undefined if the property does not accept the value. */
const PROPERTY_TEXT: { readonly [P in ArgumentProperty]: (value: unknown) => Written | undefined } = {
  messageTtl: (value) => durationText(value),
  expires: (value) => durationText(value, 1),
  maxLength: whole(0),
  maxLengthBytes: (value) => sizeText(value),
  overflow: (value) => oneOf(value, ['drop-head', 'reject-publish', 'reject-publish-dlx']),
  singleActiveConsumer: (value) => (typeof value === 'boolean' ? value : undefined),
  maxPriority: whole(1, 255),
  deliveryLimit: whole(0),
  leaderLocator: (value) => (typeof value === 'string' && value !== '' ? escapeReferences(value) : undefined),
  initialGroupSize: whole(1),
  maxAge: ageText,
  streamMaxSegmentSize: (value) => sizeText(value, 1, 3_000_000_000),
}

/** The properties of a queue that differ from their defaults, in the order of the schema. */
export function queueEntries(
  queue: Queue,
  secrets: SecretReferences,
  fold: FoldedPath | undefined,
): readonly CommentedEntry[] {
  const { type, durable, autoDelete } = queue
  const isKnown = QUEUE_TYPES.some((each) => each === type)
  const properties: CommentedEntry[] = []
  // A table without a prototype, so that names such as `__proto__` are ordinary keys.
  const rest = Object.create(null) as Record<string, unknown>
  if (type !== undefined && !isKnown) rest['x-queue-type'] = type
  for (const [name, value] of Object.entries(queue.arguments)) {
    if (fold?.impliedArguments.has(name)) continue
    const property = propertyOf(name, value, type)
    if (property) properties.push(property)
    else rest[name] = value
  }
  return [
    ...(type !== undefined && isKnown ? [{ key: 'type', value: type }] : []),
    ...(durable ? [] : [{ key: 'durable', value: false }]),
    ...(autoDelete ? [{ key: 'autoDelete', value: true }] : []),
    ...properties,
    ...argumentEntries(rest, secrets, [queue.vhost, 'queue', queue.name]),
    ...(fold?.native ? [{ key: 'retry', value: nativeRetryTable(fold.native) }] : []),
    ...(fold?.retry ? [{ key: 'retry', value: retryTable(fold.retry) }] : []),
    ...(fold?.deadLetter ? [{ key: 'deadLetter', value: deadLetterValue(fold.deadLetter) }] : []),
  ]
}

/** The entry of the arguments, sorted by name; nothing if there are none. */
export function argumentEntries(
  table: Readonly<Record<string, unknown>>,
  secrets: SecretReferences,
  path: readonly string[],
): readonly CommentedEntry[] {
  const keys = Object.keys(table).toSorted()
  if (keys.length === 0) return []
  // The whole table, because the key of a string may say that it is a secret.
  const sorted = Object.fromEntries(keys.map((key) => [key, table[key]]))
  return [{ key: 'arguments', value: secrets.written(sorted, path) }]
}

function propertyOf(argument: string, value: unknown, type: string | undefined): CommentedEntry | undefined {
  const property = (Object.keys(ARGUMENT_OF_PROPERTY) as ArgumentProperty[]).find((each) => {
    const name = ARGUMENT_OF_PROPERTY[each]
    return typeof name === 'string' ? name === argument : name.get(type as never) === argument
  })
  if (property === undefined || !queueTypesOfProperty(property).some((each) => each === type)) return undefined
  // On a quorum queue, the broker accepts this value and drops from the head, but warren's property does not allow
  // it.
  if (type === 'quorum' && value === 'reject-publish-dlx') return undefined
  const text = PROPERTY_TEXT[property](value)
  return text === undefined ? undefined : { key: property, value: text }
}

function retryTable({ delays, via, discards }: FoldedRetry): CommentedTable {
  const list = delays.map(({ delay, queue }) =>
    queue === undefined
      ? durationLabel(delay)
      : {
          entries: [
            { key: 'delay', value: durationLabel(delay) },
            { key: 'queue', value: escapeReferences(queue) },
          ],
        },
  )
  const route = via && [
    { key: 'exchange', value: escapeReferences(via.exchange) },
    { key: 'routingKey', value: escapeReferences(via.routingKey) },
  ]
  return {
    entries: [
      { key: 'delays', value: list },
      ...(route ? [{ key: 'via', value: { entries: route } }] : []),
      ...(discards ? [{ key: 'then', value: 'discard' }] : []),
    ],
  }
}

function nativeRetryTable({ min, max, attempts, discards }: FoldedNativeRetry): CommentedTable {
  const waits =
    min === max
      ? [{ key: 'delay', value: durationLabel(min) }]
      : [
          { key: 'initial', value: durationLabel(min) },
          ...(min * attempts === max ? [] : [{ key: 'max', value: durationLabel(max) }]),
        ]
  return {
    entries: [
      { key: 'mode', value: 'native' },
      ...waits,
      { key: 'attempts', value: attempts },
      ...(discards ? [{ key: 'then', value: 'discard' }] : []),
    ],
  }
}

function deadLetterValue({
  exchange,
  routingKey,
  queue,
  strategy,
  by,
  limits,
}: FoldedDeadLetter): true | CommentedTable {
  const entries: CommentedEntry[] = [
    ...(exchange === undefined ? [] : [{ key: 'exchange', value: escapeReferences(exchange) }]),
    ...(routingKey === undefined ? [] : [{ key: 'routingKey', value: escapeReferences(routingKey) }]),
    ...(queue === undefined ? [] : [{ key: 'queue', value: queue === false ? queue : escapeReferences(queue) }]),
    ...(strategy === undefined ? [] : [{ key: 'strategy', value: strategy }]),
    ...(by === undefined ? [] : [{ key: 'by', value: by }]),
    ...Object.entries(limits).flatMap(([name, value]) => propertyOf(name, value, 'classic') ?? []),
  ]
  return entries.length === 0 ? true : { entries }
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER): (value: unknown) => number | undefined {
  return (value) => (isWithin(value, least, most) ? value : undefined)
}

function oneOf(value: unknown, values: readonly string[]): string | undefined {
  return values.find((each) => each === value)
}

/** The broker stores an age as text, and compares the texts when a program redeclares the stream. */
function ageText(value: unknown): string | undefined {
  return typeof value === 'string' && /^[1-9][0-9]{0,9}[smhD]$/.test(value) ? value.replace('D', 'd') : undefined
}
