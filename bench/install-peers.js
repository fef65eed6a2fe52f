import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installPackages } from '../scripts/debian-packages.js'
import { CLIENTS, GUIDE } from './clients/client.js'
import { missingProgram } from './missing-program.js'
import { takesPart } from './parts/part.js'
import { ANSIBLE } from './provisioners/provisioner.js'

const FOLDER = fileURLToPath(new URL('clients/peers', import.meta.url))

/** The other clients, and the peers that need Debian packages: Ansible with its modules, and pika. */
const CLIENT_NAMES = Object.keys(CLIENTS).filter((name) => CLIENTS[name].startsWith('./peers/'))
const PROGRAMS = {
  ansible: { packages: ['ansible', 'python3-requests'], subjects: [ANSIBLE] },
  pika: {
    packages: ['python3-pika'],
    subjects: Object.values(GUIDE).flatMap((calls) => calls.map(({ name }) => name)),
  },
}

/**
 * Installs the peers that warren is compared with and does not need itself: other clients from npm, and Ansible and
 * pika from Debian if that is allowed. The tables leave out peers that are not available, and name them.
 *
 * @param {readonly string[]} subjects the measured clients and tools; all if empty
 */
export function installPeers(subjects) {
  const isAsked = (names) => names.some((name) => takesPart({ subjects }, name))
  if (isAsked(CLIENT_NAMES) && !existsSync(`${FOLDER}/node_modules`)) {
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'ignore' })
    if (status !== 0) console.error('  the other clients could not be installed: npm ci failed in bench/clients/peers')
  }
  const missing = Object.keys(PROGRAMS).filter(
    (name) => isAsked(PROGRAMS[name].subjects) && missingProgram(name) !== undefined,
  )
  if (missing.length === 0) return
  const obstacle = installPackages(
    missing.flatMap((name) => PROGRAMS[name].packages),
    [],
  )
  if (obstacle !== undefined) console.error(`  ${missing.join(' and ')} could not be installed: ${obstacle}`)
}
