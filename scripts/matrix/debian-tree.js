import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { belongsTo } from './series.js'
import { versionsIn, writeStarter } from './server-in-tree.js'

/** The script of debootstrap for releases that are newer than debootstrap. */
const NEWER_RELEASES = 'sid'
const SCRIPTS = '/usr/share/debootstrap/scripts'
const PROGRAMS = ['apt-get', 'unshare', 'chroot', 'debootstrap']

/**
 * The folder that keeps the trees between runs: `WARREN_MATRIX_CACHE`, by default in the user's cache. Each series
 * has its own folder with the tree in `root`, which may be a link to a tree elsewhere.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function cacheFolder(environment) {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  return environment.WARREN_MATRIX_CACHE || join(cache, 'warren', 'brokers')
}

/**
 * Makes sure that there is a tree of Debian with a RabbitMQ of the series.
 *
 * @param {import('./series.js').Series} series
 * @param {string} cache
 * @returns {{ home: string } | { missing: string }} the value of `RABBITMQ_HOME`, or why there is no tree
 */
export function debianTree(series, cache) {
  const folder = join(cache, series.name)
  const root = join(folder, 'root')
  if (process.getuid?.() !== 0) return { missing: 'only root can use a tree of Debian' }
  if (!existsSync(root)) {
    const problem = makeTree(series, folder, root)
    if (problem !== undefined) return { missing: problem }
  }
  const version = versionsIn(root).find((each) => belongsTo(each, series))
  if (version === undefined) {
    return { missing: `Debian ${series.suite} has RabbitMQ ${versionsIn(root).join(', ') || 'nowhere'} (in ${root})` }
  }
  mkdirSync(join(folder, 'sbin'), { recursive: true })
  writeStarter(join(folder, 'sbin', 'rabbitmq-server'), realpathSync(root), version)
  return { home: folder }
}

/**
 * @param {import('./series.js').Series} series
 * @param {string} folder
 * @param {string} root
 * @returns {string | undefined} what went wrong
 */
function makeTree(series, folder, root) {
  if (isThere('apt-get') && !isThere('debootstrap')) installDebootstrap()
  const program = PROGRAMS.find((each) => !isThere(each))
  if (program !== undefined) return `${program}, which unpacks Debian ${series.suite}, is not installed`
  const mirror = mirrorOfDebian()
  if (mirror === undefined) return 'the sources of apt contain no archive of Debian'

  mkdirSync(folder, { recursive: true })
  removeLeftovers(folder)
  const unfinished = join(folder, `unfinished-${process.pid}`)
  process.stderr.write(`RabbitMQ ${series.name}: unpacking Debian ${series.suite}, which takes a few minutes...\n`)
  const script = existsSync(join(SCRIPTS, series.suite)) ? [] : [join(SCRIPTS, NEWER_RELEASES)]
  // Runs with its own mounts, so that the mounts of debootstrap end with it in any case.
  const args = ['--mount', 'debootstrap', '--variant=minbase', '--include=rabbitmq-server']
  const { status, error, stdout } = spawnSync('unshare', [...args, series.suite, unfinished, mirror, ...script], {
    encoding: 'utf8',
  })
  if (status !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    return `debootstrap of ${series.suite} failed: ${error?.message ?? stdout.trimEnd().split('\n').slice(-5).join('\n')}`
  }
  copyFileSync('/etc/hosts', join(unfinished, 'etc/hosts'))
  renameSync(unfinished, root)
  return undefined
}

/** @param {string} program */
function isThere(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

function installDebootstrap() {
  const install = 'apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends debootstrap'
  spawnSync('sh', ['-c', `${install} || { apt-get update -qq && ${install}; }`], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

/** @returns {string | undefined} the archive that this machine installs Debian's packages from */
function mirrorOfDebian() {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(LABEL) $(REPO_URI)'], { encoding: 'utf8' })
  return stdout
    ?.split('\n')
    .find((line) => line.startsWith('Debian '))
    ?.slice('Debian '.length)
}

/**
 * Removes the files that killed runs have left behind.
 *
 * @param {string} folder
 */
function removeLeftovers(folder) {
  for (const name of readdirSync(folder)) {
    const [, pid] = /^unfinished-(\d+)$/.exec(name) ?? []
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}
