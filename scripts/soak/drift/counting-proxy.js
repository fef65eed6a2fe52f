import { createServer, request as ask } from 'node:http'
import { listen } from './receiver.js'

/**
 * Stands between the service and the management API, and remembers when each path was read.
 *
 * @param {number} management the port of the management API
 */
export async function startCountingProxy(management) {
  /** @type {Map<string, number[]>} */
  const reads = new Map()
  const server = createServer((request, response) => {
    const { method, url = '/', headers } = request
    if (method === 'GET') {
      const path = url.split('?', 1)[0] ?? url
      reads.set(path, [...(reads.get(path) ?? []), Date.now()])
    }
    const forwarded = ask({ host: '127.0.0.1', port: management, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    request.pipe(forwarded)
  })
  const port = await listen(server)
  return {
    port,
    close: () => void (server.closeAllConnections(), server.close()),
    /** How many requests were sent. */
    total: () => [...reads.values()].reduce((sum, times) => sum + times.length, 0),
    /**
     * The paths of a virtual host that were read twice within an interval.
     *
     * @param {string} vhost
     * @param {number} interval in milliseconds
     */
    tooOften: (vhost, interval) =>
      [...reads].flatMap(([path, times]) => {
        if (!path.split('/').includes(vhost)) return []
        const early = times.filter((time, at) => at > 0 && time - (times[at - 1] ?? 0) < interval * 0.9)
        return early.length === 0 ? [] : [`${path}: ${early.length} of ${times.length}`]
      }),
  }
}
