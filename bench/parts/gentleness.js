import { setTimeout as sleep } from 'node:timers/promises'
import { inChild, startChild } from '../measure/in-child.js'
import { managementApi } from '../provisioners/management-api.js'
import { rowsOf } from '../report/row.js'
import { EXCHANGE, openQueue, QUEUE, urlOf } from '../runtime/queue.js'
import { takesPart, turned } from './part.js'

export const needsBroker = true

const ROUNDS = 2
/** The number of objects: half of them are queues, half bindings. */
const OBJECTS = 10_000
const RATE = 500
const VHOST = 'bench-neighbour'
/** How long the publisher runs alone, without an apply. */
const ALONE = 20_000

/**
 * The cost of an apply to programs that use the broker at the same time: the latency of a publisher's confirms.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, broker, tell, folder, ...settings }) {
  const rows = rowsOf('gentleness', `RabbitMQ ${broker.version}`)
  const objects = settings.sizes?.[0] ?? (quick ? 40 : OBJECTS)
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const work = `confirms of a publisher at ${RATE} messages/s during an apply of ${objects.toLocaleString('en')} objects`
  const apply = { provisioner: 'warren', verb: 'apply', vhost: VHOST, queues: objects / 2, before: 0, folder }
  const job = { ...apply, connection: broker, brokerProcesses: broker.processes }
  const alone = () => sleep(quick ? 500 : ALONE)
  const neighbours = [
    { subject: 'nothing else', reference: true, act: alone },
    { subject: 'warren apply', act: () => inChild('provisioners/measure.js', job) },
    ...[16, 4, 1].map((parallelism) => ({
      subject: `warren apply --parallelism ${parallelism}`,
      act: () => inChild('provisioners/measure.js', { ...job, parallelism }),
    })),
    {
      subject: 'definitions import',
      act: () => inChild('provisioners/measure.js', { ...job, provisioner: 'definitions-import' }),
    },
  ]
  const taking = neighbours.filter(({ subject }) => takesPart({ subjects: settings.subjects }, subject))
  const queue = await openQueue(urlOf(broker))
  const api = managementApi(broker)
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { subject, reference = false, act } of turned(taking, round)) {
        tell(`${work}: ${subject}, round ${round + 1}`)
        await queue.refresh({ queueType: 'quorum', messages: 0, size: 0 })
        await api.request('PUT', `/api/vhosts/${VHOST}`, {})
        rows.add({ work, subject, reference }, await latencyBeside(broker, act))
        await api.request('DELETE', `/api/vhosts/${VHOST}`)
        await sleep(quick ? 0 : 3_000)
      }
    }
  } finally {
    await api.request('DELETE', `/api/vhosts/${VHOST}`).catch(() => undefined)
    await api.close()
    await queue.close()
  }
  return rows.all()
}

/** @param {() => Promise<unknown>} act */
async function latencyBeside(broker, act) {
  const publisher = { client: 'amqplib', rate: RATE, seconds: 3_600, warmUpSeconds: 2, size: 200, window: 100_000 }
  const where = { url: urlOf(broker), vhost: '/', exchange: EXCHANGE, routingKey: QUEUE }
  const child = startChild('runtime/measure-latency.js', { ...publisher, ...where })
  await child.answer()
  const since = performance.now()
  await act()
  const took = (performance.now() - since) / 1000
  child.tell({ end: true })
  const { messages: _messages, ...sample } = await child.answer()
  return { ...sample, took }
}
