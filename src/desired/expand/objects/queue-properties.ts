import type { DurationText, QueueSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { ArgumentValue } from '../../../model/arguments.ts'
import { QUEUE_TYPES, type QueueType } from '../../../model/broker-tables/queue-arguments.ts'
import {
  ARGUMENT_OF_PROPERTY,
  type ArgumentProperty,
  queueTypesOfProperty,
} from '../../../model/broker-tables/queue-properties.ts'
import { integerWithin, LONGEST_TIMER, readDuration, readSeconds, readSize } from '../values/quantity.ts'
import { placeOf, type Place, type ExpandContext } from '../expand-context.ts'

/** A property of a queue that is sent to the broker as an argument. */
interface QueueProperty {
  readonly name: keyof QueueSection
  /** The broker's name for it, which may depend on the type. */
  readonly argument: string | ReadonlyMap<string, string>
  /** The types that support it in some version of RabbitMQ. */
  readonly types: readonly QueueType[]
  /** Whether it requires a declared type, because the default type of a vhost usually does not support it. */
  readonly needsType?: boolean
  readonly read: (section: QueueSection, place: Place, type: string | undefined) => ArgumentValue | undefined
}

const UNLIMITED = Number.MAX_SAFE_INTEGER

/** An age in the unit of the file if the broker supports this unit, because the broker stores the text. */
function ageText(written: DurationText, seconds: number): string {
  return typeof written === 'string' && /^[0-9]+[smhd]$/.test(written) ? written.replace('d', 'D') : `${seconds}s`
}

const PROPERTIES: readonly QueueProperty[] = [
  property('messageTtl', (value, place) => readDuration(value, place, { minimum: 0, maximum: LONGEST_TIMER })),
  property('expires', (value, place) => readDuration(value, place, { minimum: 1, maximum: LONGEST_TIMER })),
  property('maxLength', (value, place) => integerWithin(value, place, { minimum: 0, maximum: UNLIMITED })),
  property('maxLengthBytes', (value, place) => readSize(value, place, { minimum: 0, maximum: UNLIMITED })),
  property('overflow', readOverflow),
  property('singleActiveConsumer', (value) => value),
  property('maxPriority', (value, place) => integerWithin(value, place, { minimum: 1, maximum: 255 })),
  needingType('deliveryLimit', readDeliveryLimit),
  property('leaderLocator', (value) => value),
  needingType('initialGroupSize', (value, place) => integerWithin(value, place, { minimum: 1, maximum: UNLIMITED })),
  needingType('maxAge', (value, place) => {
    const seconds = readSeconds(value, place, { minimum: 1, maximum: LONGEST_TIMER / 1_000 })
    return seconds === undefined ? undefined : ageText(value, seconds)
  }),
  needingType('streamMaxSegmentSize', (value, place) => readSize(value, place, { minimum: 1, maximum: 3_000_000_000 })),
]

type Read<P extends keyof QueueSection> = (
  value: NonNullable<QueueSection[P]>,
  place: Place,
  type: string | undefined,
) => ArgumentValue | undefined

function property<P extends ArgumentProperty>(name: P, read: Read<P>): QueueProperty {
  return {
    name,
    argument: ARGUMENT_OF_PROPERTY[name],
    types: queueTypesOfProperty(name),
    read: (section, place, type) => {
      const value = section[name]
      return value === undefined ? undefined : read(value, place, type)
    },
  }
}

function needingType<P extends ArgumentProperty>(name: P, read: Read<P>): QueueProperty {
  return { ...property(name, read), needsType: true }
}

function readDeliveryLimit(value: number, place: Place): number | undefined {
  if (value >= 0) return integerWithin(value, place, { minimum: 0, maximum: UNLIMITED })
  place.report(finding('delivery-limit-negative', {}, place.location))
  return undefined
}

/** A quorum queue accepts `reject-publish-dlx`, but drops from its head and writes a line to the broker's log. */
function readOverflow(value: string, place: Place, type: string | undefined): string {
  if (type === 'quorum' && value === 'reject-publish-dlx') {
    place.report(finding('overflow-not-on-quorum', {}, place.location))
  }
  return value
}

/**
 * Converts the properties of a queue to the broker's arguments. Reports a property that the type does not support, a
 * value out of range, and one that is also in `arguments`.
 */
export function propertyArguments(
  scope: ExpandContext,
  section: QueueSection,
  type: string | undefined,
): Readonly<Record<string, ArgumentValue>> {
  const table: Record<string, ArgumentValue> = {}
  for (const each of PROPERTIES) {
    if (section[each.name] === undefined) continue
    const argument = argumentName(scope, section, type, each)
    const value = each.read(section, placeOf(scope, section, each.name), type)
    if (argument === undefined) continue
    reportTwice(scope, section, each.name, argument)
    if (value !== undefined) table[argument] = value
  }
  return table
}

function argumentName(
  scope: ExpandContext,
  section: QueueSection,
  type: string | undefined,
  { name, types, argument, needsType }: QueueProperty,
): string | undefined {
  const location = scope.locate(section, name)
  if (type === undefined && needsType) {
    scope.report(finding('property-needs-type', { property: name, types }, location))
    return undefined
  }
  if (QUEUE_TYPES.some((known) => known === type) && !types.some((each) => each === type)) {
    scope.report(finding('property-not-of-type', { property: name, type: String(type), types }, location))
    return undefined
  }
  return typeof argument === 'string' ? argument : argument.get(String(type))
}

/** Reports an argument that is set both directly and by a property. */
export function reportTwice(
  scope: ExpandContext,
  section: QueueSection,
  property: keyof QueueSection,
  argument: string,
): void {
  const written = section.arguments
  if (!written || !Object.hasOwn(written, argument)) return
  scope.report(
    finding('argument-twice', { property, argument }, scope.locate(written, argument), [
      { label: property, location: scope.locate(section, property) },
    ]),
  )
}
