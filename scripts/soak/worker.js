// Processes messages, some of which fail once or always. Each line of its file is a message whose work is done. The
// line is written before the message is acknowledged, and is kept when this process is killed. Started by run.js.
import { openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeOnSignal, connect } from 'warren/runtime'

const { topology, urls, file } = JSON.parse(process.argv[2])
const log = openSync(file, 'a')
const runtime = await connect({ topology, url: urls, logger: false, heartbeat: 5 })
closeOnSignal(runtime, { deadline: 10_000 })
await runtime.consume('from-quorum', work, { upcast: { 1: ({ by, number }) => ({ producer: by, n: number }) } })
await runtime.consume('from-classic', work)
await runtime.consumeBatch('from-batches', { size: 50, maxWait: 200 }, (batch) =>
  Promise.allSettled(batch.map(({ body, delivery }) => work(body, delivery))),
)
await runtime.respond('double', ({ n }) => ({ doubled: 2 * n }))
process.send('ready')
// Without a parent process there is no work.
process.on('disconnect', () => void runtime.close({ deadline: 1_000 }))
void runtime.closed.then(() => process.connected && process.disconnect())

async function work({ producer, n }, { attempt }) {
  if (n % 101 === 7) throw new Error(`message ${n} always fails`)
  if (n % 53 === 5 && attempt === 1) throw new Error(`message ${n} fails once`)
  if (n % 10 === 0) await sleep(5)
  writeSync(log, `${producer} ${n}\n`)
}
