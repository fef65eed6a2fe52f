import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { describe, expect, it } from 'vitest'
import { writeTogether } from '../../../../src/broker/amqp/connections/socket.ts'

/** A socket that records what would be passed to the operating system. */
class Calls extends Duplex {
  readonly calls: string[] = []

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.calls.push(chunk.toString())
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(chunks.map(({ chunk }) => chunk.toString()).join(''))
    done()
  }
}

function together(): Calls {
  const stream = new Calls()
  writeTogether({ connection: { stream } } as unknown as ChannelModel)
  return stream
}

describe('writeTogether', () => {
  it('sends everything that was written in one turn with one call, in order', async () => {
    const socket = together()
    for (const text of ['a', 'b', 'c']) socket.write(text)
    await turn()
    socket.write('d')
    socket.write('e')
    await turn()

    expect(socket.calls).toEqual(['abc', 'de'])
  })

  it('calls back for each write, and reports when the buffer is full', async () => {
    const socket = together()
    const done: string[] = []
    socket.write('a', () => done.push('a'))
    const isRoom = socket.write('b'.repeat(socket.writableHighWaterMark), () => done.push('b'))
    let drained = 0
    socket.on('drain', () => drained++)
    await turn()

    expect(done).toEqual(['a', 'b'])
    expect(isRoom).toBe(false)
    expect(drained).toBe(1)
  })

  it('loses nothing that is written right before the end', async () => {
    const socket = together()
    socket.write('a')
    socket.end('b')
    await turn()

    expect(socket.calls.join('')).toBe('ab')
  })
})
