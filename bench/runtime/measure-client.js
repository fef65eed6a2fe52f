import { CLIENTS } from '../clients/client.js'
import { answer, readJob } from '../measure/job.js'
import { startClocks } from '../measure/clocks.js'
import { messageOf } from './message.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'

// Makes one measurement, in a separate process that parts/runtime.js starts, so that the CPU time is that of the
// client.

const { client, work, count, warmUp, size, consumers, ...setup } = await readJob()
const { openPublisher, openConsumer, openRequester } = await import(
  new URL(CLIENTS[client], import.meta.resolve('../clients/client.js'))
)
answer(await (work === 'consume' ? consume() : publish()))

async function publish() {
  const publisher = await (work === 'request' ? openRequester : openPublisher)(setup)
  const body = messageOf(size)
  // Without this, the compiler would still be busy when the clock starts.
  await publishAll(publisher, body, warmUp)
  const stop = startClocks()
  await publishAll(publisher, body, count)
  const figures = figuresOf(stop())
  await publisher.close()
  return figures
}

/** Keeps as many messages unconfirmed as the window allows, as a program under load does. */
function publishAll(publisher, body, total) {
  return new Promise((resolve, reject) => {
    let begun = 0
    let confirmed = 0
    const done = () => {
      if (++confirmed === total) resolve()
      else next()
    }
    const next = () => {
      if (begun === total) return
      begun++
      // oxlint-disable-next-line promise/no-callback-in-promise -- a promise for each message would change the result
      publisher.publish(body).then(done, reject)
    }
    for (let n = 0; n < Math.min(setup.window, total); n++) next()
  })
}

async function consume() {
  let seen = 0
  let stop
  const figures = new Promise((resolve) => {
    setup.onMessage = () => {
      seen++
      if (seen === warmUp) stop = startClocks()
      if (seen === warmUp + count) resolve(figuresOf(stop()))
    }
  })
  const open = await Promise.all(Array.from({ length: consumers }, () => openConsumer(setup)))
  const result = await figures
  await Promise.all(open.map((each) => each.close()))
  return result
}

function figuresOf({ seconds, cpu }) {
  return { perSecond: count / seconds, cpuEach: (cpu / count) * 1e6, megabytes: peakMegabytes() }
}
