import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { connectInTime } from '../../../../src/broker/amqp/connections/connect-in-time.ts'

/** A port that sends one byte of an endless frame every 10 ms. */
async function drippingPort(): Promise<{ port: number; closed: () => Promise<unknown> }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    const drip = setInterval(() => socket.write(Buffer.of(1)), 10)
    socket.once('close', () => clearInterval(drip))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return {
    port: (server.address() as AddressInfo).port,
    closed: () =>
      Promise.all(
        sockets.map(async (socket) => {
          if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
        }),
      ),
  }
}

it('gives up if the broker takes too long to accept a connection, even if it keeps sending bytes', async () => {
  const { port, closed } = await drippingPort()

  await expect(connectInTime({ hostname: '127.0.0.1', port }, {}, { connect: 100 })).rejects.toThrow(
    'the broker did not accept the connection within 100 ms',
  )
  await closed()
})

it('ends an attempt to connect with the reason of a signal', async () => {
  const { port, closed } = await drippingPort()
  const stop = new AbortController()
  const connecting = connectInTime({ hostname: '127.0.0.1', port }, {}, { connect: 60_000, signal: stop.signal })
  const reason = new Error('stopped')
  setTimeout(() => stop.abort(reason), 50)

  await expect(connecting).rejects.toBe(reason)
  await closed()
  await expect(
    connectInTime({ hostname: '127.0.0.1', port }, {}, { connect: 60_000, signal: stop.signal }),
  ).rejects.toBe(reason)
})
