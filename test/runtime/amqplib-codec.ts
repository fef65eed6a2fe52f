import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// The encoder and decoder of amqplib, which it does not export.
const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('amqplib'))
const codec = require(join(folder, 'lib/codec.js')) as {
  encodeTable(buffer: Buffer, table: object, offset: number): number
  decodeFields(bytes: Buffer): Record<string, unknown>
}
const definitions = require(join(folder, 'lib/defs.js')) as {
  readonly BasicProperties: number
  encodeProperties(id: number, channel: number, size: number, properties: object): Buffer
}

/** The frame of a message's properties. */
export function encodeProperties(properties: object): Buffer {
  return definitions.encodeProperties(definitions.BasicProperties, 1, 0, properties)
}

export function encodeTable(table: object): Buffer {
  const buffer = Buffer.alloc(65_536)
  return buffer.subarray(0, codec.encodeTable(buffer, table, 0))
}

export function decodeTable(bytes: Buffer): Record<string, unknown> {
  return codec.decodeFields(bytes.subarray(4))
}
