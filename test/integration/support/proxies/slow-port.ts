import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * A proxy in front of a broker, which delays each piece of data by this many milliseconds. It reads the next piece
 * only then, so that the sender notices the delay.
 */
export async function slowPort(target: URL, milliseconds: number): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const forward = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('error', () => undefined).on('close', () => to.destroy())
    from.on('data', (data) => {
      from.pause()
      setTimeout(() => to.write(data, () => from.resume()), milliseconds)
    })
  }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    forward(client, upstream)
    forward(upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
