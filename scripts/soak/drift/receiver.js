import { createServer } from 'node:http'

/**
 * A receiver of notifications that keeps the events by id, and can be down.
 *
 * @typedef {{ id: string, event: string, address: string, changedBy?: string }} Event
 */
export async function startReceiver() {
  /** @type {Map<string, Event>} */
  const events = new Map()
  /** @type {string[]} ids that came with another content than before */
  const unstable = []
  const counts = { deliveries: 0, refused: 0 }
  const state = { isUp: true }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      if (!state.isUp) {
        counts.refused += 1
        return response.writeHead(503).end()
      }
      for (const event of JSON.parse(body).events) {
        counts.deliveries += 1
        const known = events.get(event.id)
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(event)) unstable.push(event.id)
        events.set(event.id, event)
      }
      return response.end()
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    events,
    unstable,
    counts,
    state,
    /** @param {string} address @param {string} event how many events with different ids arrived */
    count: (address, event) =>
      [...events.values()].filter((each) => each.event === event && each.address === address).length,
    close: () => void server.close(),
  }
}

/** @param {import('node:http').Server} server @returns {Promise<number>} the port */
export async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
