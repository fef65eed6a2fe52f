import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installPackages, unpackPackage } from './debian-packages.js'
import {
  chromiumProgram,
  postgresPrograms,
  PROMETHEUS,
  prometheusPrograms,
  redisProgram,
} from './programs/find-programs.js'

// Ensures that the other programs that the tests use are installed: Redis, PostgreSQL, pika, Chromium and
// Prometheus, from Debian's packages, and the packages of the projects in examples. If they cannot be installed, the tests
// that need them fail with a message about it. The others run.

installExamples()

const SERVICES = ['redis-server:redis-server.service', 'postgresql-common:postgresql.service']

const missing = [
  ...(redisProgram() === undefined ? ['redis-server'] : []),
  ...(postgresPrograms() === undefined ? ['postgresql'] : []),
  ...(hasPika() ? [] : ['python3-pika']),
  ...(chromiumProgram() === undefined ? ['chromium-headless-shell'] : []),
]
if (missing.length === 0) {
  process.stderr.write('Tests: Redis, PostgreSQL, pika and Chromium are installed.\n')
} else {
  process.stderr.write(`Tests: installing Debian's ${missing.join(', ')}...\n`)
  const obstacle = installPackages(missing, SERVICES)
  process.stderr.write(
    obstacle === undefined
      ? 'Tests: installed; their system services are off.\n'
      : `The tests that need ${missing.join(', ')} will fail: ${obstacle}\n`,
  )
}

if (prometheusPrograms() === undefined) {
  process.stderr.write("Tests: unpacking Debian's prometheus...\n")
  // The programs alone are enough: the package depends on many others for a web page that no test opens.
  const obstacle = unpackPackage('prometheus', './usr/bin', PROMETHEUS)
  if (obstacle !== undefined) process.stderr.write(`The tests that need Prometheus will fail: ${obstacle}\n`)
}

function hasPika() {
  // Debian's pika only works with Debian's Python, which may not be the first one in the PATH.
  return ['python3', '/usr/bin/python3'].some(
    (python) => (python === 'python3' || existsSync(python)) && spawnSync(python, ['-c', 'import pika']).status === 0,
  )
}

function installExamples() {
  const folder = fileURLToPath(new URL('../examples', import.meta.url))
  if (isInstalled(folder)) return
  process.stderr.write('Tests: installing the packages of examples...\n')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) process.stderr.write('The tests that run the projects in examples will fail.\n')
}

/**
 * Whether npm has installed the packages in the lock file. npm lists the installed packages in its own file, without
 * the project itself.
 *
 * @param {string} folder
 */
function isInstalled(folder) {
  try {
    const versions = (/** @type {string} */ file) => {
      const { '': _project, ...packages } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')).packages
      return packages
    }
    const installed = versions('node_modules/.package-lock.json')
    return Object.entries(versions('package-lock.json')).every(
      ([name, { version, optional }]) => optional || installed[name]?.version === version,
    )
  } catch {
    return false
  }
}
