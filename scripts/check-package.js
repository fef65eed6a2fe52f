import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Packs the build, and checks the package as its users see it: publint checks its manifest and files,
// are-the-types-wrong how `import` and `require` find the types of each entry. All checks run, even if one fails.

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'warren-package-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
const packed = spawnSync('npm', pack, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
if (packed.status !== 0) {
  process.stderr.write(packed.stderr)
  process.exit(1)
}
const tarball = join(folder, JSON.parse(packed.stdout)[0].filename)

const passed = await Promise.all([
  passes('publint', ['run', tarball, '--strict']),
  passes('attw', [tarball, '--format', 'ascii', '--exclude-entrypoints', 'package.json', 'schemas/*']),
])
if (passed.includes(false)) process.exitCode = 1

/**
 * Runs a program of a development dependency, and prints its output if it fails.
 *
 * @param {string} name
 * @param {string[]} args
 */
async function passes(name, args) {
  const child = spawn(join(root, 'node_modules/.bin', name), args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  process.stderr.write(code === 0 ? `${name}: the package is in order.\n` : output)
  return code === 0
}
