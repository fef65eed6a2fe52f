import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A port that can stop passing data to the broker. */
export interface DeafPort extends AsyncDisposable {
  readonly port: number
  /** Stops reading from the given clients; output of the broker is passed on. */
  readonly deafen: () => void
}

/**
 * A proxy in front of a port of this machine. It stops reading from clients that have sent `text`, such as their
 * name. A broker with a memory or disk alarm does the same to publishers.
 */
export async function deafPort(target: number, text: string): Promise<DeafPort> {
  const meant = new Set<Socket>()
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined).on('close', () => to.destroy())
    }
    client.on('data', (data) => {
      if (data.includes(text)) meant.add(client)
    })
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    deafen() {
      for (const client of meant) client.unpipe().pause()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
