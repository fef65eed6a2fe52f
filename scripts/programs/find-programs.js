import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** @returns {string | undefined} the path of `redis-server` */
export function redisProgram() {
  return onPath('redis-server')
}

/**
 * @returns {string | undefined} the path of Chromium: if possible, of the build without windows, which needs no
 * desktop
 */
export function chromiumProgram() {
  return onPath('chromium-headless-shell') ?? onPath('chromium')
}

/** The folder into which Prometheus is unpacked, unless it is installed. */
export const PROMETHEUS = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'warren', 'prometheus')

/** @returns {{ server: string, promtool: string } | undefined} the programs of Prometheus */
export function prometheusPrograms() {
  const folders = [...pathFolders(), join(PROMETHEUS, 'usr', 'bin')]
  const found = folders.map((folder) => ({ server: join(folder, 'prometheus'), promtool: join(folder, 'promtool') }))
  return found.find(({ server, promtool }) => existsSync(server) && existsSync(promtool))
}

/**
 * Debian keeps PostgreSQL's own programs out of the PATH, in a folder for each version.
 *
 * @returns {{ initdb: string, postgres: string } | undefined}
 */
export function postgresPrograms() {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = versions.map((version) => join(root, version, 'bin'))
  for (const folder of [...folders, ...pathFolders()]) {
    const found = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
    if (existsSync(found.initdb) && existsSync(found.postgres)) return found
  }
  return undefined
}

/** @param {string} program */
function onPath(program) {
  return pathFolders()
    .map((folder) => join(folder, program))
    .find(existsSync)
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
}
