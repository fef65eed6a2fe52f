import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installPackages } from '../scripts/debian-packages.js'
import { missingProgram } from './missing-program.js'

const CLIENTS = fileURLToPath(new URL('clients/peers', import.meta.url))

/** Debian's packages of the programs that stand beside warren: Ansible with its modules, pika. */
const PACKAGES = { ansible: ['ansible', 'python3-requests'], pika: ['python3-pika'] }

/**
 * Installs what warren is measured beside and needs itself for nothing: other clients from npm, Ansible and pika from
 * Debian where that is allowed. What cannot be had is left out of the tables, and named.
 */
export function installPeers() {
  if (!existsSync(`${CLIENTS}/node_modules`)) {
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: CLIENTS, stdio: 'ignore' })
    if (status !== 0) console.error('  the other clients could not be installed: npm ci failed in bench/clients/peers')
  }
  const missing = Object.keys(PACKAGES).filter((name) => missingProgram(name) !== undefined)
  if (missing.length === 0) return
  const obstacle = installPackages(
    missing.flatMap((name) => PACKAGES[name]),
    [],
  )
  if (obstacle !== undefined) console.error(`  ${missing.join(' and ')} could not be installed: ${obstacle}`)
}
