// Publishes numbered messages as fast as the broker confirms them, until it is asked to stop. Each line of its file
// is the number of a message that the broker has confirmed. Started by run.js.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'warren/runtime'

const { topology, urls, file, producer, inFlight } = JSON.parse(process.argv[2])
const runtime = await connect({ topology, url: urls, logger: false, publishTimeout: 20_000, heartbeat: 5 })
const outcomes = {}
let confirmed = []
const told = { pause: false, stop: false }
let next = 0

process.on('message', (word) => {
  told.pause = word === 'pause'
  told.stop ||= word === 'stop'
})
const flush = setInterval(write, 100)
await Promise.all([...Array.from({ length: inFlight }, publishAll), ask(), ask(), ask()])
clearInterval(flush)
const closed = await runtime.close()
write()
process.send({ published: next, outcomes, closed, rss: process.memoryUsage().rss })
process.disconnect()

async function publishAll() {
  while (!told.stop) {
    if (told.pause) {
      await sleep(100)
      continue
    }
    const n = next++
    try {
      await publish(n)
      confirmed.push(n)
      count('confirmed')
    } catch (error) {
      count(error.outcome ?? String(error))
      // Without a pause, this loop would be busy while each publish is rejected immediately.
      await sleep(50)
    }
  }
}

async function publish(n) {
  const body = { producer, n }
  if (n % 4 === 0) return runtime.publish('to-classic', body)
  if (n % 4 === 1) return runtime.publish('to-batches', body)
  if (n % 8 === 2) return runtime.publish('to-quorum-before', { by: producer, number: n })
  return runtime.publish('to-quorum', body, n % 8 === 3 ? { delay: '1s' } : {})
}

/** Sends requests one after the other. A reply of another request counts as wrong. */
async function ask() {
  for (let n = 0; !told.stop; n++) {
    try {
      const { doubled } = await runtime.request('double', { n })
      count(doubled === 2 * n ? 'answered' : 'answered wrong')
    } catch (error) {
      count(error.code ?? String(error))
      await sleep(50)
    }
  }
}

function count(outcome) {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

function write() {
  if (confirmed.length > 0) appendFileSync(file, confirmed.join('\n') + '\n')
  confirmed = []
}
