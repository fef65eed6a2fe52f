import { UnreadableHeader } from '../connections/deep-headers.ts'

/** The maximum size of headers that amqplib can write: the size of its buffer, in bytes. */
export const LARGEST_HEADERS = 65_536

/**
 * The bytes of a frame in addition to its properties: its own head and end, and the head of the content (AMQP 0-9-1,
 * 2.3.5 and 4.2.6).
 */
const AROUND_PROPERTIES = 22
/** The maximum nesting of tables; amqplib reads and writes them recursively. */
const DEEPEST = 500
/** The protocol's limit for the names of headers, in bytes. */
const LONGEST_NAME = 255
const LONGEST_SHORT_TEXT = 255
/** One more than the largest timestamp. */
const TIMESTAMP_END = 2 ** 64
/** The largest timestamp that a JavaScript number can represent. */
const LAST_TIMESTAMP = 2 ** 64 - 2 ** 11
const LONG_END = 2 ** 63
/** From this number on, amqplib writes every number as an integer. */
const WHOLE_FROM = 2 ** 50

const SHORT_TEXTS = [
  'contentType',
  'contentEncoding',
  'correlationId',
  'replyTo',
  'messageId',
  'type',
  'appId',
] as const

/**
 * The broker replaces this `replyTo` with the publisher's own, and closes the channel of a publisher that does not
 * consume replies.
 */
const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to'

/** The part of received headers that can be written again, and the names of those that cannot. */
export interface CopyableHeaders {
  readonly headers: Record<string, unknown>
  readonly dropped: readonly string[]
}

/** A value in a form that amqplib can write, and its size in bytes. */
interface Writable {
  readonly value: unknown
  readonly bytes: number
}

/**
 * Chooses the received headers that fit into `room` bytes, in a form that amqplib writes as the same values.
 *
 * The largest headers are left out first, until the others fit. It also leaves out headers that amqplib can read but
 * not write, or would write as another value: `NaN`, tables with the name `!`, and names that are not UTF-8.
 */
export function copyableHeaders(received: Readonly<Record<string, unknown>>, room: number): CopyableHeaders {
  const kept: { name: string; value: unknown; bytes: number }[] = []
  const dropped: string[] = []
  for (const [name, value] of Object.entries(received)) {
    const nameBytes = Buffer.byteLength(name)
    const writable = nameBytes > LONGEST_NAME ? undefined : writableValue(value, 0)
    if (writable) kept.push({ name, value: writable.value, bytes: 1 + nameBytes + writable.bytes })
    else dropped.push(name)
  }
  let bytes = kept.reduce((sum, each) => sum + each.bytes, TABLE_HEAD)
  if (bytes > room) {
    kept.sort((a, b) => a.bytes - b.bytes)
    while (bytes > room) {
      const largest = kept.pop()
      if (!largest) break
      bytes -= largest.bytes
      dropped.push(largest.name)
    }
  }
  const headers: Record<string, unknown> = Object.create(null)
  for (const { name, value } of kept) headers[name] = value
  return { headers, dropped }
}

/** The size of headers in the protocol in bytes; undefined if amqplib cannot write them. */
export function bytesOfHeaders(headers: Readonly<Record<string, unknown>>): number | undefined {
  return writableTable(headers, 0)?.bytes
}

/** The room for headers in a frame of `frame` bytes next to these properties, in bytes. */
export function roomForHeaders(properties: Readonly<Record<string, unknown>>, frame: number): number {
  // Delivery mode, priority and timestamp are small, so they are always counted.
  let others = AROUND_PROPERTIES + 1 + 1 + 8
  for (const name of SHORT_TEXTS) {
    const text = properties[name]
    if (typeof text === 'string') others += 1 + Buffer.byteLength(text)
  }
  return Math.min(LARGEST_HEADERS, frame - others)
}

/** The received properties that can be written again, and the names of the others. */
export function copyableProperties<T extends Readonly<Record<string, unknown>>>(
  received: T,
): { readonly properties: T; readonly dropped: readonly string[] } {
  const dropped = Object.keys(received).filter((name) => !isCopyable(name, received[name]))
  if (dropped.length === 0) return { properties: received, dropped }
  const properties = Object.fromEntries(Object.entries(received).filter(([name]) => !dropped.includes(name))) as T
  return { properties, dropped }
}

function isCopyable(name: string, value: unknown): boolean {
  if (value === undefined) return true
  if (name === 'timestamp') return typeof value === 'number' && value >= 0 && value < TIMESTAMP_END
  if (name === 'replyTo' && value === DIRECT_REPLY_TO) return false
  if (!SHORT_TEXTS.some((each) => each === name)) return true
  // A string that is not UTF-8 becomes longer when it is decoded.
  return typeof value === 'string' && Buffer.byteLength(value) <= LONGEST_SHORT_TEXT
}

const TABLE_HEAD = 4

function writableValue(value: unknown, depth: number): Writable | undefined {
  switch (typeof value) {
    case 'string':
      return { value, bytes: 5 + Buffer.byteLength(value) }
    case 'boolean':
      return { value, bytes: 2 }
    case 'number':
      return writableNumber(value)
    case 'object':
      return value === null ? { value, bytes: 1 } : writableObject(value, depth)
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      // amqplib never reads such a value.
      return undefined
  }
}

function writableNumber(value: number): Writable {
  const isDouble = !Number.isFinite(value) || Object.is(value, -0) || value >= LONG_END || value < -LONG_END
  if (isDouble) return { value: { '!': 'double', value }, bytes: 9 }
  if (Math.abs(value) < WHOLE_FROM && !Number.isInteger(value)) return { value, bytes: 9 }
  if (value >= -0x80 && value < 0x80) return { value, bytes: 2 }
  if (value >= -0x8000 && value < 0x8000) return { value, bytes: 3 }
  return { value, bytes: value >= -0x80000000 && value < 0x80000000 ? 5 : 9 }
}

function writableObject(value: object, depth: number): Writable | undefined {
  if (depth >= DEEPEST || value instanceof UnreadableHeader) return undefined
  if (Buffer.isBuffer(value)) return { value, bytes: 5 + value.length }
  if (Array.isArray(value)) return writableArray(value, depth)
  const typed = writableTyped(value)
  if (typed) return typed
  const table = writableTable(value, depth + 1)
  if (!table) return undefined
  // Otherwise, amqplib would use the name `!` as the type of the value to write.
  const written = Object.hasOwn(value, '!') ? { '!': 'object', value: table.value } : table.value
  return { value: written, bytes: 1 + table.bytes }
}

function writableArray(array: readonly unknown[], depth: number): Writable | undefined {
  const value: unknown[] = []
  let bytes = 1 + TABLE_HEAD
  for (const each of array) {
    const writable = writableValue(each, depth + 1)
    if (!writable) return undefined
    value.push(writable.value)
    bytes += writable.bytes
  }
  return { value, bytes }
}

function writableTable(table: object, depth: number): Writable | undefined {
  const value: Record<string, unknown> = Object.create(null)
  let bytes = TABLE_HEAD
  for (const [name, each] of Object.entries(table)) {
    const nameBytes = Buffer.byteLength(name)
    const writable = nameBytes > LONGEST_NAME ? undefined : writableValue(each, depth)
    if (!writable) return undefined
    value[name] = writable.value
    bytes += 1 + nameBytes + writable.bytes
  }
  return { value, bytes }
}

/**
 * The values that amqplib reads as `{ '!': type, value }`: times and decimal numbers. Any other value with this name
 * is a table.
 */
function writableTyped(value: object): Writable | undefined {
  const { '!': type, value: inner } = value as { '!'?: unknown; value?: unknown }
  if (Object.keys(value).length !== 2) return undefined
  if (type === 'timestamp' && typeof inner === 'number' && inner >= 0 && inner <= TIMESTAMP_END) {
    return { value: { '!': type, value: Math.min(Math.trunc(inner), LAST_TIMESTAMP) }, bytes: 9 }
  }
  if (type !== 'decimal' || typeof inner !== 'object' || inner === null) return undefined
  const { places, digits } = inner as { places?: unknown; digits?: unknown }
  return isWhole(places, 0x100) && isWhole(digits, 0x100000000) ? { value, bytes: 6 } : undefined
}

function isWhole(value: unknown, end: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < end
}
