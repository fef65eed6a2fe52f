import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inChild } from '../measure/in-child.js'
import { topologyText } from '../provisioners/workload.js'
import { rowsOf } from '../report/row.js'
import { turned } from './part.js'

export const needsBroker = false

/** The sizes, as numbers of objects: half of them queues, half bindings. */
const SIZES = [5_000, 50_000]
const ROUNDS = 5

const LOADS = [
  { work: 'load', subject: 'yaml', does: 'parse', reference: true },
  { work: 'load', subject: 'warren', does: 'load' },
  { work: 'load', subject: 'warren, the same as JSON', does: 'load-json' },
  { work: 'load', subject: 'warren, compiled topology', does: 'read-compiled' },
  { work: 'plan without a broker', subject: 'warren, all new', does: 'plan-all-new' },
  { work: 'plan without a broker', subject: 'warren, nothing to do', does: 'plan-nothing' },
  { work: 'plan without a broker', subject: 'warren, 1 % changed', does: 'plan-changed' },
]

/**
 * Reading files and comparing topologies without a broker, each in a separate process.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, rounds, sizes, folder, tell }) {
  const rows = rowsOf('load', '')
  for (const objects of sizes ?? (quick ? [200] : SIZES)) {
    const path = join(folder, `load-${objects}.yaml`)
    await writeFile(path, topologyText('load', objects / 2))
    for (let round = 0; round < (rounds ?? (quick ? 1 : ROUNDS)); round += 1) {
      tell(`load and plan ${objects} objects, round ${round + 1}`)
      for (const { work, subject, does, reference = false } of turned(LOADS, round)) {
        const sample = await inChild('pure/measure.js', { does, path, objects })
        rows.add({ work: `${work}, ${objects.toLocaleString('en')} objects`, subject, reference }, sample)
      }
    }
  }
  return rows.all()
}
