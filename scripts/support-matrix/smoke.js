import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The steps that have to work on every supported Node.js, with the packed package and without a broker.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} args the arguments of `node`
 * @property {string} prints the text that standard output has to contain
 */

/** An export of a broker that contains only the virtual host of the topology. */
const EMPTY_BROKER = {
  rabbit_version: '4.0.0',
  users: [],
  vhosts: [{ name: '/email' }],
  permissions: [],
  topic_permissions: [],
  parameters: [],
  global_parameters: [],
  policies: [],
  queues: [],
  exchanges: [],
  bindings: [],
}

/** Loads a compiled topology and handles a message by the rules of the runtime. */
const RUNTIME = `
import { createTestRuntime } from 'warren/testing'
import { DoNotRetry } from 'warren/runtime'
const runtime = await createTestRuntime('compiled.json')
await runtime.consume('emails', () => { throw new DoNotRetry('not an address') })
const { outcome } = await runtime.deliver('emails', { body: { task_id: 'email-1', recipient: 'ann@localhost', subject: 'Hello' } })
console.log('outcome', outcome)
`

/**
 * Writes the files of the steps into a project in which the package is installed.
 *
 * @param {string} project
 * @returns {Promise<Step[]>}
 */
export async function smokeSteps(project) {
  const folder = join(project, 'node_modules/warren')
  const { version, exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  await writeFile(join(project, 'definitions.json'), JSON.stringify(EMPTY_BROKER))
  const entries = Object.keys(exports)
    .filter((path) => exports[path].default !== undefined)
    .map((path) => path.replace('.', 'warren'))
  const warren = 'node_modules/warren/dist/cli/main.js'
  const topology = 'node_modules/warren/topologies/email-pipeline.yaml'
  return [
    { name: 'start', args: [warren, '--version'], prints: version },
    { name: 'validate', args: [warren, 'validate', topology], prints: 'valid  project email-pipeline' },
    { name: 'plan', args: [warren, 'plan', topology, '--against', 'definitions.json'], prints: 'Summary  ' },
    { name: 'compile', args: [warren, 'compile', topology, '--out', 'compiled.json'], prints: '' },
    { name: 'runtime', args: ['--input-type=module', '--eval', RUNTIME], prints: 'outcome dead' },
    ...entries.flatMap((entry) => [
      {
        name: `import ${entry}`,
        args: ['--input-type=module', '--eval', `console.log(Object.keys(await import('${entry}')).length > 0)`],
        prints: 'true',
      },
      {
        name: `require ${entry}`,
        args: ['--input-type=commonjs', '--eval', `console.log(Object.keys(require('${entry}')).length > 0)`],
        prints: 'true',
      },
    ]),
  ]
}

/**
 * @param {string} node the program
 * @param {Step} step
 * @param {string} project the folder to run it in
 * @returns {Promise<string | undefined>} what went wrong; warnings of Node.js count
 */
export async function problemOf(node, { args, prints }, project) {
  // The environment must not choose a broker, a topology or options of Node.js.
  const environment = { PATH: process.env.PATH, HOME: project, NODE_ENV: 'production' }
  try {
    const { stdout, stderr } = await run(node, [...args], { cwd: project, env: environment })
    if (stderr !== '') return stderr.trim()
    return stdout.includes(prints) ? undefined : `printed ${JSON.stringify(stdout)} and not ${JSON.stringify(prints)}`
  } catch (error) {
    return String(error.stderr || error.message).trim()
  }
}
