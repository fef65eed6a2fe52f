import { spawnSync } from 'node:child_process'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { postgresPrograms } from '../../scripts/find-programs.js'
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
  let port = 0
  let server: OwnServer
  let pool: Pool
  const url = (): string => `postgres://test@127.0.0.1:${port}/postgres`

  async function start(): Promise<void> {
    const { postgres } = programs()
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
    const args = ['-D', folder, '-p', String(port), ...settings.flatMap((each) => ['-c', each])]
    for (let tries = 1; ; tries++) {
      try {
        server = await startServer(postgres, args, { ...owner(), answers: () => answers(url()), stopSignal: 'SIGINT' })
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
    ;[port = 0] = await freePorts(1)
    const { uid, gid } = owner()
    if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid)
    const args = ['-D', folder, '-U', 'test', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']
    const made = spawnSync(programs().initdb, args, { ...owner(), cwd: folder, encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stdout + made.stderr}`)
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

function programs(): { initdb: string; postgres: string } {
  const found = postgresPrograms()
  if (found) return found
  throw new Error('PostgreSQL is not installed: run `npm run setup:tests`, or apt-get install postgresql')
}

/** PostgreSQL does not run as root. */
function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const user = ['postgres', 'nobody'].find((each) => idOf('-u', each) !== undefined)
  const [uid, gid] = [idOf('-u', user), idOf('-g', user)]
  if (uid === undefined || gid === undefined) throw new Error('there is neither a user postgres nor nobody')
  return { uid, gid }
}

function idOf(which: '-u' | '-g', user: string | undefined): number | undefined {
  const { status, stdout } = spawnSync('id', [which, user ?? ''], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
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
