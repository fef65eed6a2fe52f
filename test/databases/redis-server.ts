import { Redis } from 'ioredis'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { redisProgram } from '../../scripts/programs/find-programs.js'
import { freePorts } from '../../src/testing/throwaway/node/free-ports.ts'
import { startServer } from './own-server.ts'
import type { OwnServer } from './own-server.ts'

/** A Redis of one test file, from its first test to its last. */
export function useRedis(): { readonly client: Redis; restart(): Promise<void> } {
  let folder = ''
  let port = 0
  let server: OwnServer
  let client: Redis

  async function start(): Promise<void> {
    const program = redisProgram()
    if (program === undefined) {
      throw new Error('redis-server is not installed: run `npm run setup:tests`, or apt-get install redis-server')
    }
    // Redis writes its file before it answers.
    const file = ['--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always']
    const args = ['--port', String(port), '--bind', '127.0.0.1', ...file]
    server = await startServer(program, args, { answers: () => answers(port), stopSignal: 'SIGTERM' })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warren-redis-'))
    ;[port = 0] = await freePorts(1)
    await start()
    client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 })
    // Without a listener, the client writes each lost connection to the console.
    client.on('error', () => undefined)
  })
  afterAll(async () => {
    client.disconnect()
    await server.stop()
    await rm(folder, { recursive: true })
  })
  return {
    get client() {
      return client
    },
    async restart() {
      await server.kill()
      await start()
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const probe = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 })
  probe.on('error', () => undefined)
  try {
    await probe.connect()
    return (await probe.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    probe.disconnect()
  }
}
