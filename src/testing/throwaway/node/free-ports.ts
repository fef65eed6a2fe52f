import { withCode } from '../../../diagnostics/error-code.ts'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the range from which Linux (32768) and macOS (49152) assign ports to outgoing connections and to programs
 * that request any port. So no such program takes the port between the check and its use.
 */
const FIRST = 20_000
const LAST = 32_767

/** Finds random unused ports of 127.0.0.1. Another process may still take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  for (let attempt = 0; ports.size < count; attempt += 1) {
    if (attempt > count * 50) throw withCode('BROKER_NOT_STARTED', new Error('No free port was found'))
    const port = randomInt(FIRST, LAST + 1)
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
