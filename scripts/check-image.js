// Runs the steps of deploy/docker/Dockerfile without a Docker engine: in a chroot on this machine's own system and Node.js. It checks
// that warren starts as a user without rights, and how much it adds to the base image. It needs root, and takes a minute.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MOST_MEGABYTES = 20
/** An unprivileged user that every Debian system has; the image has its own user "node". */
const NOBODY = 65534

const root = fileURLToPath(new URL('..', import.meta.url))
const [build, image] = stagesOf(readFileSync(join(root, 'deploy/docker/Dockerfile'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'warren-image-'))
try {
  const builder = makeRoot('build')
  copySource(join(builder, 'source'))
  for (const step of build.filter(({ word }) => word === 'RUN')) enter(builder, '/source', step.rest)

  const added = join(builder, 'opt/warren')
  const megabytes = Number(execFileSync('du', ['--summarize', '--bytes', added]).toString().split('\t')[0]) / 1_000_000
  console.log(`added to the base image: ${megabytes.toFixed(1)} MB`)
  if (megabytes > MOST_MEGABYTES) throw new Error(`more than ${MOST_MEGABYTES} MB are added to the base image`)

  if (!image.some(({ word, rest }) => word === 'USER' && rest !== 'root')) throw new Error('the image runs as root')
  const version = enter(builder, '/tmp', 'PATH=/opt/warren/bin:$PATH warren --version', NOBODY)
  console.log(`warren ${version.trim()} starts as a user without rights`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The instructions of each stage. */
function stagesOf(dockerfile) {
  const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const stages = []
  for (const line of lines) {
    const [, word, rest] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (word === 'FROM') stages.push([])
    stages.at(-1).push({ word, rest })
  }
  return stages
}

/** A folder with the system of this machine, read-only, and writable folders for the rest. */
function makeRoot(name) {
  const path = join(folder, name)
  for (const each of ['usr', 'etc', 'dev', 'proc', 'tmp', 'root', 'opt', 'source'])
    mkdirSync(join(path, each), { recursive: true, mode: each === 'tmp' ? 0o1777 : 0o755 })
  for (const each of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${each}`, join(path, each))
  // The settings of the machine determine how npm reaches its registry.
  const settings = readFileSync(join(homedir(), '.npmrc'), { encoding: 'utf8', flag: 'a+' })
  writeFileSync(join(path, 'root/.npmrc'), settings, { mode: 0o600 })
  return path
}

/** Copies what is committed or staged, as `COPY . .` would from a clean clone. */
function copySource(target) {
  execFileSync(
    'bash',
    ['-c', 'git ls-files -z | tar --null --files-from=- --create | tar --extract --directory "$0"', target],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
}

/** Runs a command in a chroot. */
function enter(path, workdir, command, user = 0) {
  const mounts = [
    'for each in usr etc dev; do mount --rbind "/$each" "$0/$each"; done',
    'mount --types proc proc "$0/proc"',
    `exec chroot --userspec=${user}:${user} "$0" /bin/sh -c "cd ${workdir} && $1"`,
  ]
  console.error(`> ${command}`)
  const env = { ...process.env, HOME: user === 0 ? '/root' : '/tmp', TMPDIR: '/tmp' }
  const args = ['--mount', '--pid', '--fork', 'bash', '-c', `set -e\n${mounts.join('\n')}`, path, command]
  return execFileSync('unshare', args, { env, stdio: ['ignore', 'pipe', 'inherit'] }).toString()
}
