import { CLIENTS, GUIDE } from '../clients/client.js'
import { inChild, startChild } from '../measure/in-child.js'
import { missingProgram } from '../missing-program.js'
import { rowsOf } from '../report/row.js'
import { measureGuide } from '../runtime/measure-guide.js'
import { EXCHANGE, openQueue, QUEUE, urlOf } from '../runtime/queue.js'
import { isWanted, takesPart, turned } from './part.js'

export const needsBroker = true
export const needsPeers = true

const ROUNDS = 5
/** For measurements without a goal: the other clients, the grid, and latency. */
const FEWER_ROUNDS = 3
/** A start takes a fifth of a second, and its time varies a lot. */
const STARTS = 25
/** The clients for which the grid of windows, sizes and consumers is measured. */
const PAIR = ['amqplib', 'warren']
const NORMAL = { size: 200, window: 1_000, prefetch: 200, consumers: 1, queueType: 'classic' }
const COUNT = 50_000
const WARM_UP = 20_000
/** The number of messages that a blocking client handles in the time of a measurement. */
const GUIDE_COUNT = 3_000
const RATE = 2_000
/** The maximum number of bytes that a quick run sends in one measurement. */
const QUICK_BYTES = 20_000_000

const grouped = new Intl.NumberFormat('en')

/**
 * The measurements: all clients with typical settings, and the pair over a grid.
 *
 * @returns {readonly { work: string, does: 'publish' | 'consume' | 'request', clients: readonly string[], guide?: true, setup: typeof NORMAL, count: number }[]}
 */
function cases() {
  const does = /** @type {const} */ (['publish', 'consume'])
  const usual = ['classic', 'quorum'].flatMap((queueType) =>
    does.map((verb) => ({
      work: `${verb}, ${queueType}`,
      does: verb,
      clients: Object.keys(CLIENTS),
      guide: /** @type {const} */ (true),
      setup: { ...NORMAL, queueType },
      count: COUNT,
    })),
  )
  const pair = (work, verb, setup, count) => ({
    work,
    does: verb,
    clients: PAIR,
    setup: { ...NORMAL, ...setup },
    count,
  })
  return [
    ...usual,
    ...[1, 10, 100, 10_000].map((window) =>
      pair(`publish, window ${grouped.format(window)}`, 'publish', { window }, Math.min(COUNT, 3_000 * window)),
    ),
    ...[
      [100, COUNT],
      [10_000, 20_000],
      [100_000, 4_000],
      [1_000_000, 500],
    ].flatMap(([size, count]) =>
      // While its channel is being opened, warren holds at most 64 MiB and refuses more.
      does.map((verb) =>
        pair(`${verb}, ${grouped.format(size)} bytes`, verb, { size, window: windowFor(size) }, count),
      ),
    ),
    ...[2, 4, 8].map((consumers) => pair(`consume, ${consumers} consumers`, 'consume', { consumers }, COUNT)),
    pair('request and reply, classic', 'request', { window: 100 }, 20_000),
    pair('request and reply one by one, classic', 'request', { window: 1 }, 3_000),
  ]
}

/** @param {number} size of a message */
function windowFor(size) {
  return Math.min(100, Math.floor(32_000_000 / size))
}

/** @type {import('./part.js').RunPart} */
export async function run(settings) {
  const { quick, broker, tell } = settings
  const rows = rowsOf('runtime', `RabbitMQ ${broker.version}`)
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const fewer = settings.rounds ?? (quick ? 1 : FEWER_ROUNDS)
  const queue = await openQueue(urlOf(broker))
  try {
    const all = cases().filter(({ work }) => isWanted(settings, work))
    // One queue and a part of the grid are enough to check that a client runs.
    const isQuick = ({ clients, does }, at) => clients !== PAIR || at % 5 === 0 || does === 'request'
    for (const each of quick ? all.filter(isQuick) : all) {
      for (let round = 0; round < (each.clients === PAIR ? fewer : rounds); round += 1) {
        tell(`${each.work}, round ${round + 1}`)
        const clients = round < fewer ? each.clients : PAIR
        await measureCase(settings, rows, queue, { ...each, clients }, round)
      }
    }
    await measureStarts(settings, rows, queue, settings.rounds ?? (quick ? 1 : STARTS))
    for (const queueType of ['classic', 'quorum']) {
      const work = `latency at ${grouped.format(RATE)} messages/s, ${queueType}`
      if (!isWanted(settings, work)) continue
      for (let round = 0; round < fewer; round += 1) {
        tell(`${work}, round ${round + 1}`)
        for (const client of turned(PAIR, round)) {
          await queue.refresh({ ...NORMAL, queueType, messages: 0 })
          const times = quick ? { seconds: 1, warmUpSeconds: 0 } : { seconds: 10, warmUpSeconds: 3 }
          const job = { ...jobFor(broker), ...NORMAL, ...times, client, queueType, rate: RATE, window: 100_000 }
          const child = startChild('runtime/measure-latency.js', job)
          await child.answer()
          const { messages: _messages, ...sample } = await child.answer()
          rows.add({ work, subject: client, reference: client === 'amqplib' }, sample)
        }
      }
    }
  } catch (error) {
    // The measurements so far are kept.
    tell(`ended early: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    await queue.close()
  }
  return rows.all()
}

async function measureCase(settings, rows, queue, { work, does, clients, guide, setup, count }, round) {
  const { quick, broker, tell } = settings
  const total = quick ? Math.min(count, 500, Math.ceil(QUICK_BYTES / setup.size)) : count
  const warmUp = quick ? 10 : Math.min(WARM_UP, Math.ceil((count * 2) / 5))
  const taking = clients.filter((name) => takesPart(settings, name))
  for (const client of turned(taking, round)) {
    await queue.refresh({ ...setup, messages: does === 'consume' ? warmUp + total : 0 })
    const job = { ...jobFor(broker), ...setup, client, work: does, count: total, warmUp }
    try {
      rows.add(
        { work, subject: client, reference: client === 'amqplib' },
        await inChild('runtime/measure-client.js', job),
      )
    } catch (error) {
      // A failure of another client is only reported. A failure of warren or of the reference ends the run.
      if (PAIR.includes(client)) throw error
      tell(`${work}: ${client} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (!guide || clients === PAIR || missingProgram('pika') !== undefined) return
  for (const { name, does: call } of GUIDE[does].filter((each) => takesPart(settings, each.name))) {
    const few = Math.min(total, GUIDE_COUNT)
    await queue.refresh({ ...setup, messages: does === 'consume' ? few : 0 })
    const sample = await measureGuide({ ...jobFor(broker), ...setup, does: call, count: few })
    rows.add({ work, subject: name }, sample)
  }
}

async function measureStarts(settings, rows, queue, rounds) {
  const work = 'start to the first confirm'
  if (!isWanted(settings, work)) return
  await queue.refresh({ ...NORMAL, messages: 0 })
  settings.tell(`${work}, ${rounds} rounds`)
  for (let round = 0; round < rounds; round += 1) {
    for (const client of turned(PAIR, round)) {
      const sample = await inChild('runtime/measure-connect.js', { ...jobFor(settings.broker), ...NORMAL, client })
      rows.add({ work, subject: client, reference: client === 'amqplib' }, sample)
    }
  }
}

/** @param {import('./part.js').BenchBroker} broker */
function jobFor(broker) {
  return { url: urlOf(broker), vhost: '/', exchange: EXCHANGE, routingKey: QUEUE, queue: QUEUE }
}
