import { setTimeout as sleep } from 'node:timers/promises'
import { CLIENTS } from '../clients/client.js'
import { answer, readJob } from '../measure/job.js'
import { percentile } from '../measure/statistics.js'
import { messageOf } from './message.js'

// Publishes at a fixed rate and records the time of each confirm, until it is asked to end or the time is over.
// Started by parts/runtime.js and parts/gentleness.js.

const { client, rate, seconds, warmUpSeconds, size, ...setup } = await readJob()
const { openPublisher } = await import(new URL(CLIENTS[client], import.meta.resolve('../clients/client.js')))
const publisher = await openPublisher(setup)
const body = messageOf(size)
const end = new AbortController()
process.once('message', () => end.abort())

await publishAtRate(warmUpSeconds)
process.send?.('ready')
const latencies = (await publishAtRate(seconds)).toSorted((a, b) => a - b)
await publisher.close()
answer({
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
  p999: percentile(latencies, 0.999),
  messages: latencies.length,
})

/**
 * Each message has a planned time, from which its latency counts, so that the figures include messages that a stall
 * delays.
 *
 * @param {number} forSeconds
 */
async function publishAtRate(forSeconds) {
  const taken = []
  const open = new Set()
  const start = performance.now()
  for (let sent = 0; !end.signal.aborted && sent < rate * forSeconds;) {
    const due = Math.min(rate * forSeconds, Math.floor(((performance.now() - start) / 1000) * rate))
    for (; sent < due; sent += 1) {
      const dueAt = start + (sent / rate) * 1000
      const confirmed = noteWhenConfirmed(dueAt, taken).finally(() => open.delete(confirmed))
      open.add(confirmed)
    }
    await sleep(1)
  }
  await Promise.all(open)
  return taken
}

async function noteWhenConfirmed(dueAt, taken) {
  await publisher.publish(body)
  taken.push(performance.now() - dueAt)
}
