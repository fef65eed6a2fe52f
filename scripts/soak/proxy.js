import { connect, createServer } from 'node:net'
import { once } from 'node:events'

/**
 * A TCP proxy before one port, which can break the network in the ways in which networks break.
 *
 * @param {number} target on 127.0.0.1
 */
export async function startProxy(target) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  let isRefusing = false
  let isFrozen = false
  /** Milliseconds that each piece of data takes. */
  let delay = 0
  const server = createServer((client) => {
    if (isRefusing) return void client.destroy()
    const upstream = connect(target, '127.0.0.1')
    forward(client, upstream)
    forward(upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function forward(from, to) {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    from.on('data', (data) => {
      if (isFrozen) return
      from.pause()
      // One piece at a time, so that a slow network also pushes back.
      const pass = () => to.write(data, () => from.resume())
      if (delay > 0) setTimeout(pass, delay)
      else pass()
    })
  }

  return {
    port: server.address().port,
    /** Breaks all connections, and takes none until `heal`. */
    cut() {
      isRefusing = true
      for (const socket of sockets) socket.destroy()
    },
    /** Swallows all data of the connections, which stay open: what a firewall does that forgot them. */
    freeze: () => void (isFrozen = true),
    slow: (milliseconds) => void (delay = milliseconds),
    heal() {
      // What was swallowed is missing in the middle of frames: these connections are of no use any more.
      if (isFrozen) for (const socket of sockets) socket.destroy()
      isRefusing = isFrozen = false
      delay = 0
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
