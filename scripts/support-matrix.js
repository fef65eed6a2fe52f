import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { problemOf, smokeSteps } from './support-matrix/smoke.js'
import { isSupported, tableOf } from './support-matrix/table.js'

// Packs the build, installs it in an empty project, and tries it there on each supported version of Node.js: the
// command line, the runtime, and every entry with `import` and `require`. Prints a table at the end.
//
//   npm run test:node -- [VERSION...]
//
// The npm package `node` contains the programs, so nothing has to be installed. `20.19` is the oldest version that
// warren supports.

const SUPPORTED = ['20.19', '20', '22', '24', '26']

/** For `warren/opentelemetry` and `warren/prometheus`, and for `warren/nestjs` those of examples. */
const NEEDED_BY_ENTRIES = ['@opentelemetry/api', 'prom-client']
const NEEDED_BY_NEST = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs']

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const versions = process.argv.length > 2 ? process.argv.slice(2) : SUPPORTED
const project = await mkdtemp(join(tmpdir(), 'warren-support-'))
try {
  await installPackage()
  const steps = await smokeSteps(project)
  const rows = []
  for (const asked of versions) {
    process.stderr.write(`Node.js ${asked}\n`)
    rows.push(await tryVersion(asked, steps))
  }
  process.stdout.write(tableOf(rows))
  process.exitCode = isSupported(rows) ? 0 : 1
} finally {
  await rm(project, { recursive: true, force: true })
}

/** Installs the tarball, and the packages that its entries load immediately, in the versions of this project. */
async function installPackage() {
  const versionsIn = async (/** @type {string} */ file) =>
    JSON.parse(await readFile(join(root, file), 'utf8')).devDependencies
  const own = await versionsIn('package.json')
  const inExamples = await versionsIn('examples/package.json')
  const peers = [
    ...NEEDED_BY_ENTRIES.map((name) => `${name}@${own[name]}`),
    ...NEEDED_BY_NEST.map((name) => `${name}@${inExamples[name]}`),
  ]
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project]
  const { stdout } = await run('npm', pack, { cwd: root, maxBuffer: 64 * 1024 * 1024 })
  const [{ filename }] = JSON.parse(stdout)
  await writeFile(join(project, 'package.json'), '{ "private": true }')
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`, ...peers]
  await run('npm', install, { cwd: project })
}

/**
 * @param {string} asked
 * @param {readonly import('./support-matrix/smoke.js').Step[]} steps
 */
async function tryVersion(asked, steps) {
  let found
  try {
    // Runs outside every project, so that it does not find a local `node`.
    const print = 'console.log(JSON.stringify([process.version, process.execPath]))'
    const { stdout } = await run('npx', ['--yes', '--package', `node@${asked}`, 'node', '--eval', print], {
      cwd: tmpdir(),
    })
    found = JSON.parse(stdout)
  } catch (error) {
    return { asked, missing: String(error.stderr || error.message).trim() }
  }
  const [version, node] = found
  if (!isOf(asked, version)) return { asked, missing: `npx brought ${version}` }
  const problems = []
  for (const step of steps) {
    const why = await problemOf(node, step, project)
    if (why !== undefined) problems.push({ step: step.name, why })
  }
  return { asked, version, steps: steps.length, problems }
}

/**
 * Whether a version belongs to a series: `v24.21.0` of `24`.
 *
 * @param {string} series
 * @param {string} version
 */
function isOf(series, version) {
  return `${version.slice(1)}.`.startsWith(`${series}.`)
}
