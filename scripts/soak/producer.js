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
await Promise.all(Array.from({ length: inFlight }, publishAll))
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
      await runtime.publish(n % 4 === 0 ? 'to-classic' : 'to-quorum', { producer, n })
      confirmed.push(n)
      count('confirmed')
    } catch (error) {
      count(error.outcome ?? String(error))
      // Without a pause, this loop would be busy while each publish is rejected immediately.
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
