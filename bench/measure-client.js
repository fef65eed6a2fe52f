import { performance } from 'node:perf_hooks'

// One measurement in a process of its own, so that the CPU time is the client's: started by bench/messages.js.

/** Without these the compiler is still at work when the clock starts. */
const WARM_UP = 5_000

const { client, work, count, ...setup } = JSON.parse(process.argv[2])
const { openPublisher, openConsumer } = await import(`./clients/${client}.js`)
const figures = await (work === 'publish' ? publish() : consume())
process.send(figures)
process.disconnect()

async function publish() {
  const publisher = await openPublisher(setup)
  const body = { task_id: 'email-4711', recipient: 'someone@example.com', subject: 'Your order', text: 'x'.repeat(200) }
  await publishAll(publisher, body, WARM_UP)
  const figures = await measured(() => publishAll(publisher, body, count))
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
      // oxlint-disable-next-line promise/no-callback-in-promise -- one more promise each would be a part of what is measured
      publisher.publish(body).then(done, reject)
    }
    for (let n = 0; n < Math.min(setup.window, total); n++) next()
  })
}

async function consume() {
  let seen = 0
  let start
  const figures = new Promise((resolve) => {
    const onMessage = () => {
      seen++
      if (seen === WARM_UP) start = begin()
      if (seen === WARM_UP + count) resolve(start())
    }
    setup.onMessage = onMessage
  })
  const consumer = await openConsumer(setup)
  const result = await figures
  await consumer.close()
  return result
}

async function measured(run) {
  const end = begin()
  await run()
  return end()
}

/** Starts the clocks; what it returns stops them. */
function begin() {
  const cpu = process.cpuUsage()
  const since = performance.now()
  return () => {
    const milliseconds = performance.now() - since
    const { user, system } = process.cpuUsage(cpu)
    return { perSecond: (count / milliseconds) * 1000, cpu: (user + system) / count }
  }
}
