import { connect, createServer } from 'node:net'
import { once } from 'node:events'

/**
 * A TCP proxy in front of one port, which can break the network in the ways in which real networks break.
 *
 * @param {number} target on 127.0.0.1
 */
export async function startProxy(target) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  let isRefusing = false
  let isFrozen = false
  /** The delay of each piece of data, in milliseconds. */
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
      // One piece at a time, so that a slow network also causes backpressure.
      const pass = () => to.write(data, () => from.resume())
      if (delay > 0) setTimeout(pass, delay)
      else pass()
    })
  }

  return {
    port: server.address().port,
    /** Breaks all connections, and accepts none until `heal`. */
    cut() {
      isRefusing = true
      for (const socket of sockets) socket.destroy()
    },
    /** Swallows all data of the connections, which stay open, like a firewall that has forgotten them. */
    freeze: () => void (isFrozen = true),
    slow: (milliseconds) => void (delay = milliseconds),
    heal() {
      // The swallowed bytes are missing in the middle of frames, so these connections are useless now.
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
