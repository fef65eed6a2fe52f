import { inChild } from '../measure/in-child.js'
import { managementApi } from '../provisioners/management-api.js'
import { rowsOf } from '../report/row.js'
import { isWanted, takesPart, turned } from './part.js'

export const needsBroker = true

const ROUNDS = 3
const VHOST = 'bench-migration'
/** The number of queues that are moved at the same time. */
const BATCH = 10

/** The sizes: a round of few messages shows the work for each queue, and a full round that for each message. */
const SMALL = { queues: 20, messages: 500 }
const FULL = { queues: 50, messages: 2_000 }

/**
 * A migration of classic queues to quorum queues, compared with bare AMQP that moves the same messages.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, broker, tell, folder, ...settings }) {
  const rows = rowsOf('migration', `RabbitMQ ${broker.version}`)
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const subjects = ['bare AMQP', 'warren'].filter((subject) => takesPart(settings, subject))
  const api = managementApi(broker)
  try {
    for (const { queues, messages } of quick ? [{ queues: 2, messages: 50 }] : [SMALL, FULL]) {
      const work = `migrate ${queues} queues with ${messages.toLocaleString('en')} messages each`
      if (!isWanted(settings, work)) continue
      for (let round = 0; round < rounds; round += 1) {
        for (const subject of turned(subjects, round)) {
          tell(`${work}: ${subject}, round ${round + 1}`)
          await api.request('PUT', `/api/vhosts/${VHOST}`, {})
          const job = { subject, vhost: VHOST, connection: broker, brokerProcesses: broker.processes, folder }
          const sample = await inChild('migration/measure.js', { ...job, queues, messages, batch: BATCH })
          rows.add({ work, subject, reference: subject === 'bare AMQP' }, sample)
          await api.request('DELETE', `/api/vhosts/${VHOST}`)
        }
      }
    }
  } finally {
    await api.request('DELETE', `/api/vhosts/${VHOST}`).catch(() => undefined)
    await api.close()
  }
  return rows.all()
}
