import { mkdtemp, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { createCluster } from '../../scripts/programs/postgres-cluster.js'
import { freePorts } from '../../src/testing/throwaway/node/free-ports.ts'
import { startServer } from './own-server.ts'
import type { OwnServer } from './own-server.ts'

/** A PostgreSQL of one test file, from its first test to its last. */
export interface Postgres {
  readonly url: string
  /** A separate pool for this file. */
  readonly pool: Pool
  /** Kills it with all its processes, as a crash does. */
  kill(): Promise<void>
  start(): Promise<void>
}

export function usePostgres(): Postgres {
  let folder = ''
  let cluster: ReturnType<typeof createCluster> | undefined
  let server: OwnServer
  let pool: Pool
  const url = (): string => cluster?.url ?? ''

  async function start(): Promise<void> {
    const { command, args, owner } = cluster ?? {}
    if (command === undefined || args === undefined) throw new Error('PostgreSQL is started before the first test')
    for (let tries = 1; ; tries++) {
      try {
        server = await startServer(command, args, { ...owner, answers: () => answers(url()), stopSignal: 'SIGINT' })
        return
      } catch (error) {
        // After a kill, the old processes take a moment to notice, and keep its memory until then.
        if (tries === 10) throw error
        await pause(200)
      }
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warren-postgres-'))
    const [port = 0] = await freePorts(1)
    cluster = createCluster(folder, port)
    await start()
    pool = new Pool({ connectionString: url() })
    // The loss of an idle connection is reported here. The pool opens another one.
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
  })
  afterAll(async () => {
    await pool.end()
    await server.stop()
    await rm(folder, { recursive: true })
  })
  return {
    get url() {
      return url()
    },
    get pool() {
      return pool
    },
    kill: () => server.kill(),
    start,
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end()
  }
}
