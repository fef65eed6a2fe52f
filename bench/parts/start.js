import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rowsOf } from '../report/row.js'
import { turned } from './part.js'

export const needsBroker = false

const ROUNDS = 25
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

const TOPOLOGY = `warren: 1
project: hello
exchanges:
  tasks: { type: direct }
queues:
  email:
    bindings: [{ exchange: tasks, routingKey: email }]
`

/**
 * The time of a program from its start to its end.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, rounds, folder, tell }) {
  const rows = rowsOf('start', '')
  const file = join(folder, 'small.yaml')
  await writeFile(file, TOPOLOGY)
  const subjects = [
    { subject: 'node -e 0', reference: true, args: ['-e', '0'] },
    { subject: 'warren --version', args: [MAIN, '--version'] },
    { subject: 'warren validate', args: [MAIN, 'validate', file] },
  ]
  const total = rounds ?? (quick ? 1 : ROUNDS)
  tell(`start-up, ${total} rounds`)
  for (let round = 0; round < total; round += 1) {
    for (const { args, ...row } of turned(subjects, round)) rows.add({ work: 'start', ...row }, timed(args))
  }
  return rows.all()
}

/** @param {string[]} args of Node.js */
function timed(args) {
  const since = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const milliseconds = performance.now() - since
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { milliseconds }
}
