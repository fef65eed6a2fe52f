import type { ChannelModel } from 'amqplib'

/** The deepest nesting of a header's tables that is still read, in a message that amqplib cannot read as a whole. */
export const DEEPEST_READ = 500

const FRAME_HEAD = 7
const FRAME_END = 0xce
const CONTENT_HEADER = 2
/** A content header begins with class, weight and body size, followed by the flags (AMQP 0-9-1, 4.2.6.1). */
const FLAGS_AT = FRAME_HEAD + 12
const CONTENT_TYPE = 1 << 15
const CONTENT_ENCODING = 1 << 14
const HEADERS = 1 << 13
const VOID = 'V'.charCodeAt(0)

/** Replaces a header that is nested too deeply to be read, so that a copy of the message is known to lack it. */
export class UnreadableHeader {
  readonly reason = `its tables are nested more than ${DEEPEST_READ} deep`
}

/** The used parts of amqplib's connection, which are not in its types. */
interface FrameReader {
  /** Received bytes that have not been read yet; a frame is removed before it is decoded. */
  rest: Buffer
  recvFrame(): { fields?: { headers?: Record<string, unknown> } } | false
}

/**
 * Makes messages readable whose headers are nested thousands of tables deep. amqplib decodes tables recursively, and an
 * overflow of its stack ends the connection: the broker would deliver the message to the next connection, without end.
 *
 * Such a header becomes an `UnreadableHeader`; the other headers of the message are read as usual.
 */
export function readDeepHeaders(model: ChannelModel): void {
  const connection = model.connection as unknown as Partial<FrameReader>
  const { recvFrame } = connection
  if (typeof recvFrame !== 'function' || !Buffer.isBuffer(connection.rest)) return
  const reader = connection as FrameReader
  reader.recvFrame = () => {
    const received = reader.rest
    try {
      return recvFrame.call(reader)
    } catch (error) {
      const replaced = isOverflow(error) ? withoutDeepHeaders(received) : undefined
      if (replaced === undefined) throw error
      reader.rest = Buffer.concat([replaced.frame, reader.rest])
      const frame = recvFrame.call(reader)
      const headers = frame === false ? undefined : frame.fields?.headers
      for (const name of replaced.names) {
        // A header named `__proto__` is not an own property.
        if (headers && Object.hasOwn(headers, name)) headers[name] = new UnreadableHeader()
      }
      return frame
    }
  }
}

function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message)
}

/** The first frame, with its deep headers set to void; undefined if it has none. */
export function withoutDeepHeaders(
  frames: Buffer,
): { readonly frame: Buffer; readonly names: readonly string[] } | undefined {
  if (frames.length < FLAGS_AT + 2 || frames[0] !== CONTENT_HEADER) return undefined
  const frame = frames.subarray(0, FRAME_HEAD + frames.readUInt32BE(3) + 1)
  const flags = frame.readUInt16BE(FLAGS_AT)
  if ((flags & HEADERS) === 0) return undefined
  let at = FLAGS_AT + 2
  for (const text of [CONTENT_TYPE, CONTENT_ENCODING]) if ((flags & text) !== 0) at += 1 + frame.readUInt8(at)
  const table = frame.subarray(at + 4, at + 4 + frame.readUInt32BE(at))
  const kept: Buffer[] = []
  const names: string[] = []
  for (let entry = 0; entry < table.length;) {
    const valueAt = entry + 1 + table.readUInt8(entry)
    const end = valueAt + sizeOfValue(table, valueAt)
    if (isDeep(table, valueAt)) {
      names.push(table.toString('utf8', entry + 1, valueAt))
      kept.push(table.subarray(entry, valueAt), Buffer.of(VOID))
    } else kept.push(table.subarray(entry, end))
    entry = end
  }
  if (names.length === 0) return undefined
  const headers = Buffer.concat(kept)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(headers.length)
  const rest = frame.subarray(at + 4 + table.length, -1)
  const payload = Buffer.concat([frame.subarray(FRAME_HEAD, at), length, headers, rest])
  const head = Buffer.from(frame.subarray(0, FRAME_HEAD))
  head.writeUInt32BE(payload.length, 3)
  return { frame: Buffer.concat([head, payload, Buffer.of(FRAME_END)]), names }
}

/** Whether a value nests tables or lists more than `DEEPEST_READ` deep. Not recursive. */
function isDeep(table: Buffer, valueAt: number): boolean {
  const open: { readonly isTable: boolean; readonly end: number }[] = []
  const end = valueAt + sizeOfValue(table, valueAt)
  for (let at = valueAt; at < end;) {
    while (at >= (open.at(-1)?.end ?? Infinity)) open.pop()
    if (open.at(-1)?.isTable === true) at += 1 + table.readUInt8(at)
    const tag = String.fromCharCode(table.readUInt8(at))
    if (tag !== 'F' && tag !== 'A') {
      at += sizeOfValue(table, at)
      continue
    }
    open.push({ isTable: tag === 'F', end: at + 5 + table.readUInt32BE(at + 1) })
    if (open.length > DEEPEST_READ) return true
    at += 5
  }
  return false
}

/** The sizes of fixed-size values in bytes, without their tags, as RabbitMQ writes them. */
const SIZES: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  l: 8,
  d: 8,
  T: 8,
  D: 5,
  V: 0,
}

/** The size of a value in bytes, including its tag. */
function sizeOfValue(table: Buffer, at: number): number {
  const tag = String.fromCharCode(table.readUInt8(at))
  if ('SxAF'.includes(tag)) return 5 + table.readUInt32BE(at + 1)
  const size = SIZES[tag]
  if (size === undefined) throw new TypeError(`unknown type of a header: ${JSON.stringify(tag)}`)
  return 1 + size
}
