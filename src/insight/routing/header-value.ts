import { isAtLeast } from '../../model/broker-version.ts'

/**
 * The value of a message header or of a binding argument. A plain number has the type that amqplib or the management
 * API gives it; `{ '!': TYPE, value }` sets another type, as in amqplib.
 */
export type HeaderValue =
  | string
  | number
  | boolean
  | null
  | TypedValue
  | readonly HeaderValue[]
  | { readonly [key: string]: HeaderValue }

/** A value with an explicit AMQP type, such as `{ '!': 'timestamp', value: 1700000000 }`. */
export interface TypedValue {
  readonly '!': string
  readonly value: unknown
}

/**
 * The program that encoded a value: amqplib gives a whole number the smallest type that holds it, and the management
 * API always uses `long`.
 */
export type Writer = 'amqplib' | 'management'

/** The integer types of AMQP, from amqplib's names to RabbitMQ's. */
const INTEGERS: Readonly<Record<string, string>> = {
  byte: 'byte',
  int8: 'byte',
  unsignedbyte: 'unsignedbyte',
  uint8: 'unsignedbyte',
  short: 'short',
  int16: 'short',
  unsignedshort: 'unsignedshort',
  uint16: 'unsignedshort',
  int: 'signedint',
  int32: 'signedint',
  unsignedint: 'unsignedint',
  uint32: 'unsignedint',
  long: 'long',
  int64: 'long',
}

/**
 * The form in which a headers exchange compares a top-level value of a binding or message. Equal values give equal
 * texts. `undefined` means no value (`void`), which equals nothing.
 *
 * The rules were observed on the brokers. Up to 3.12, an integer equals the same double (`==`), and a timestamp
 * equals the integer of its seconds. From 3.13 on, types matter (`=:=`), and a timestamp equals the integer of its
 * milliseconds. A string equals the same bytes.
 */
export function comparable(value: HeaderValue, writer: Writer, version: string): string | undefined {
  const isStrict = isAtLeast(version, '3.13.0')
  const [type, content] = typeOf(value, writer)
  switch (type) {
    case 'void':
      return undefined
    case 'timestamp':
      return `n${isStrict ? Number(content) * 1_000 : Number(content)}`
    case 'double':
      return isStrict ? `d${Number(content)}` : `n${Number(content)}`
    case 'integer':
      return `n${String(content)}`
    case 'text':
      return `t${String(content)}`
    case 'boolean':
      return `b${String(content)}`
    default:
      return nested(value, writer)
  }
}

/** Inside arrays and tables, the AMQP types matter on all versions, including the widths of integers. */
function nested(value: HeaderValue, writer: Writer): string {
  if (Array.isArray(value)) return `[${value.map((each) => nested(each, writer)).join(',')}]`
  const [type, content, exact] = typeOf(value, writer)
  if (type !== 'table') return `${exact}:${JSON.stringify(String(content))}`
  const entries = Object.entries(value as Readonly<Record<string, HeaderValue>>)
  // An empty table and an empty array both become an empty list.
  const members = entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}=${nested(v, writer)}`)
  return `[${members.join(',')}]`
}

/** The category of a value for comparisons, its content, and its exact AMQP type. */
function typeOf(value: HeaderValue, writer: Writer): readonly [kind: string, content: unknown, exact: string] {
  if (value === null) return ['void', '', 'void']
  if (typeof value === 'string') return ['text', value, 'longstr']
  if (typeof value === 'boolean') return ['boolean', value, 'bool']
  if (typeof value === 'number') {
    return Number.isInteger(value) ? ['integer', value, integerType(value, writer)] : ['double', value, 'double']
  }
  if (!isTyped(value)) return ['table', '', 'table']
  const type = value['!']
  if (INTEGERS[type] !== undefined) return ['integer', value.value, INTEGERS[type]]
  if (type === 'double' || type === 'float' || type === 'float64') return ['double', value.value, type]
  if (type === 'timestamp') return ['timestamp', value.value, type]
  return ['text', value.value, type]
}

function isTyped(value: object): value is TypedValue {
  return '!' in value && typeof value['!'] === 'string'
}

function integerType(value: number, writer: Writer): string {
  if (writer === 'management') return 'long'
  if (value >= -0x80 && value < 0x80) return 'byte'
  if (value >= -0x8000 && value < 0x8000) return 'short'
  if (value >= -0x8000_0000 && value < 0x8000_0000) return 'signedint'
  return 'long'
}
