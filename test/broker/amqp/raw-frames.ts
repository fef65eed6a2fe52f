/** Builds parts of AMQP 0-9-1 frames that amqplib would not write, byte by byte. */

const FRAME_END = Buffer.of(0xce)

export function frame(type: number, payload: Buffer, channel = 1): Buffer {
  const head = Buffer.alloc(7)
  head.writeUInt8(type, 0)
  head.writeUInt16BE(channel, 1)
  head.writeUInt32BE(payload.length, 3)
  return Buffer.concat([head, payload, FRAME_END])
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)])
}

function long(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}

export function textHeader(name: string, value: string): Buffer {
  return Buffer.concat([shortText(name), Buffer.from('S'), long(Buffer.byteLength(value)), Buffer.from(value)])
}

/** A header whose value is a table in a table, nested this deep. */
export function nestedTable(name: string, depth: number): Buffer {
  const heads: Buffer[] = []
  for (let length = 0; heads.length < depth - 1; length += 7) {
    heads.push(Buffer.concat([shortText('k'), Buffer.from('F'), long(length)]))
  }
  const inner = Buffer.concat(heads.toReversed())
  return Buffer.concat([shortText(name), Buffer.from('F'), long(inner.length), inner])
}

/** The frame with the properties of a message of one byte. */
export function contentHeader(
  { contentType, contentEncoding, messageId }: { contentType?: string; contentEncoding?: string; messageId?: string },
  headers: readonly Buffer[],
  channel = 1,
): Buffer {
  const table = Buffer.concat(headers)
  const flags = Buffer.alloc(2)
  flags.writeUInt16BE(
    (contentType === undefined ? 0 : 1 << 15) |
      (contentEncoding === undefined ? 0 : 1 << 14) |
      (1 << 13) |
      (messageId === undefined ? 0 : 1 << 7),
  )
  const head = Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  const texts = [contentType, contentEncoding].map((text) => (text === undefined ? Buffer.alloc(0) : shortText(text)))
  const id = messageId === undefined ? Buffer.alloc(0) : shortText(messageId)
  return frame(2, Buffer.concat([head, flags, ...texts, long(table.length), table, id]), channel)
}

/** The frames by which a client publishes a message of one byte to a queue. */
export function publishFrames(queue: string, headers: readonly Buffer[], messageId: string, channel: number): Buffer {
  const method = Buffer.concat([Buffer.from([0, 60, 0, 40, 0, 0]), shortText(''), shortText(queue), Buffer.of(0)])
  return Buffer.concat([
    frame(1, method, channel),
    contentHeader({ messageId }, headers, channel),
    frame(3, Buffer.from('1'), channel),
  ])
}
