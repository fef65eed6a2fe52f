import { join } from 'node:path'
import { inChild } from '../measure/in-child.js'
import { rowsOf } from '../report/row.js'
import { isWanted, turned } from './part.js'

export const needsBroker = false

/** The sizes, as numbers of queues with a binding each. */
const SIZES = [1_000, 10_000]
const ROUNDS = 5
const WORKS = ['lint', 'trace', 'test', 'breaking']

/**
 * Computations on a loaded topology without a broker, each in a separate process.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, rounds, sizes, folder, tell, ...settings }) {
  const rows = rowsOf('insight', '')
  const wanted = WORKS.filter((work) => isWanted(settings, work))
  for (const queues of sizes ?? (quick ? [50] : SIZES)) {
    for (let round = 0; round < (rounds ?? (quick ? 1 : ROUNDS)); round += 1) {
      tell(`insight into ${queues} queues, round ${round + 1}`)
      for (const does of turned(wanted, round)) {
        const path = join(folder, `insight-${queues}-${does}.yaml`)
        const sample = await inChild('insight/measure.js', { does, path, queues })
        rows.add({ work: `${does}, ${queues.toLocaleString('en')} queues`, subject: 'warren' }, sample)
      }
    }
  }
  return rows.all()
}
