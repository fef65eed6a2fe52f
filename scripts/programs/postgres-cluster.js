import { spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { postgresPrograms } from './find-programs.js'

/**
 * Creates the files of a PostgreSQL server that trusts the user `test`.
 *
 * @param {string} folder an empty one
 * @param {number} port on 127.0.0.1
 * @returns {{ command: string, args: string[], owner: { uid?: number, gid?: number }, url: string }} how to start the server
 */
export function createCluster(folder, port) {
  const { initdb, postgres } = programs()
  const owner = ownerOf()
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const order = ['-D', folder, '-U', 'test', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']
  const made = spawnSync(initdb, order, { ...owner, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stdout + made.stderr}`)
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const args = ['-D', folder, '-p', String(port), ...settings.flatMap((each) => ['-c', each])]
  return { command: postgres, args, owner, url: `postgres://test@127.0.0.1:${port}/postgres` }
}

function programs() {
  const found = postgresPrograms()
  if (found) return found
  throw new Error('PostgreSQL is not installed: run `npm run setup:tests`, or apt-get install postgresql')
}

/** PostgreSQL does not run as root. @returns {{ uid?: number, gid?: number }} */
function ownerOf() {
  if (process.getuid?.() !== 0) return {}
  const user = ['postgres', 'nobody'].find((each) => idOf('-u', each) !== undefined)
  const [uid, gid] = [idOf('-u', user), idOf('-g', user)]
  if (uid === undefined || gid === undefined) throw new Error('there is neither a user postgres nor nobody')
  return { uid, gid }
}

/** @param {'-u' | '-g'} which @param {string | undefined} user */
function idOf(which, user) {
  const { status, stdout } = spawnSync('id', [which, user ?? ''], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}
