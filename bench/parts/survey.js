import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inChild } from '../measure/in-child.js'
import { managementApi } from '../provisioners/management-api.js'
import { definitions } from '../provisioners/workload.js'
import { rowsOf } from '../report/row.js'
import { takesPart, turned } from './part.js'

export const needsBroker = true

const ROUNDS = 5
const QUEUES = 10_000
const VHOST = 'bench-survey'

/**
 * The cost of a survey and an export of a large vhost, compared with their bare reads and with writing the files.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, broker, tell, ...settings }) {
  const rows = rowsOf('survey', `RabbitMQ ${broker.version}`)
  const queues = settings.sizes?.[0] ?? (quick ? 20 : QUEUES)
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const count = queues.toLocaleString('en')
  const subjects = ['bare requests', 'warren'].filter((subject) => takesPart(settings, subject))
  const api = managementApi(broker)
  const folder = mkdtempSync(join(tmpdir(), 'warren-bench-'))
  try {
    await api.request('PUT', `/api/vhosts/${VHOST}`, {})
    await api.request('POST', `/api/definitions/${VHOST}`, definitions(queues))
    const like = join(folder, 'like')
    await measure({ task: 'export', subject: 'warren', folder: like })
    for (let round = 0; round < rounds; round += 1) {
      for (const task of ['survey', 'export']) {
        const work = `${task}, ${count} queues + ${count} bindings`
        for (const subject of turned(subjects, round)) {
          tell(`${work}: ${subject}, round ${round + 1}`)
          const sample = await measure({ task, subject, folder: join(folder, `${task}-${subject}-${round}`), like })
          rows.add({ work, subject, reference: subject === 'bare requests' }, sample)
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
    await api.request('DELETE', `/api/vhosts/${VHOST}`).catch(() => undefined)
    await api.close()
  }
  return rows.all()

  /** @param {{ task: string, subject: string, folder: string, like?: string }} job */
  function measure(job) {
    return inChild('survey/measure.js', { ...job, vhost: VHOST, connection: broker })
  }
}
