import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createCluster } from '../../scripts/programs/postgres-cluster.js'

/** How long the server may take to start, in milliseconds. */
const START = 60_000

/**
 * Starts a PostgreSQL server with its files in an empty folder.
 *
 * @param {string} folder
 * @param {number} port
 */
export async function startPostgres(folder, port) {
  const { command, args, owner, url } = createCluster(folder, port)
  const child = spawn(command, args, { ...owner, stdio: 'ignore' })
  const end = performance.now() + START
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > end) throw new Error('PostgreSQL did not start')
    await sleep(100)
  }
  return {
    url,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
    },
  }
}

/** @param {string} url */
async function answers(url) {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end()
  }
}
