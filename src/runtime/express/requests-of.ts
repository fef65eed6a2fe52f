import type { Server, ServerResponse } from 'node:http'
import { pause } from '../pause.ts'

/** The requests of an HTTP server. */
export interface Requests {
  /**
   * Stops accepting connections, and resolves when all requests have ended. Closes the connections that remain after `deadline`
   * milliseconds.
   */
  end(deadline: number): Promise<void>
}

/** Follows the requests of a server from now on. */
export function requestsOf(server: Server): Requests {
  const running = new Set<ServerResponse>()
  let isEnding = false
  server.prependListener('request', (_request, response) => {
    running.add(response)
    if (isEnding) announceEnd(response)
    response.once('close', () => {
      running.delete(response)
      // A connection that is kept open after its last response would delay the end until it times out.
      if (isEnding) setImmediate(() => server.closeIdleConnections())
    })
  })
  return {
    async end(deadline) {
      isEnding = true
      for (const response of running) announceEnd(response)
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = new AbortController()
      await Promise.race([closed, pause(deadline, timer.signal)])
      timer.abort()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Asks the client not to send another request over this connection. */
function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
