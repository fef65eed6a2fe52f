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
 * What a survey of a large vhost costs compared with its bare reads.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, broker, tell, ...settings }) {
  const rows = rowsOf('survey', `RabbitMQ ${broker.version}`)
  const queues = settings.sizes?.[0] ?? (quick ? 20 : QUEUES)
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const count = queues.toLocaleString('en')
  const work = `survey, ${count} queues + ${count} bindings`
  const subjects = ['bare requests', 'warren'].filter((subject) => takesPart(settings, subject))
  const api = managementApi(broker)
  try {
    await api.request('PUT', `/api/vhosts/${VHOST}`, {})
    await api.request('POST', `/api/definitions/${VHOST}`, definitions(queues))
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of turned(subjects, round)) {
        tell(`${work}: ${subject}, round ${round + 1}`)
        const sample = await inChild('survey/measure.js', { subject, vhost: VHOST, connection: broker })
        rows.add({ work, subject, reference: subject === 'bare requests' }, sample)
      }
    }
  } finally {
    await api.request('DELETE', `/api/vhosts/${VHOST}`).catch(() => undefined)
    await api.close()
  }
  return rows.all()
}
