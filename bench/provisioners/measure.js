import { subscribe } from 'node:diagnostics_channel'
import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'

// One piece of work of one provisioner, in a process of its own: started by parts/provisioning.js.

/** @type {import('./provisioner.js').ProvisionJob} */
const job = await readJob()
let requests = 0
// undici tells of every request that it sends, whoever sends it.
subscribe('undici:request:create', () => (requests += 1))

const { prepare } = await import(`./${job.provisioner}.js`)
const work = await prepare(job)
requests = 0
const stop = startClocks(job.brokerProcesses)
await work()
const times = stop()
answer({
  ...times,
  // What another program sent or used is not seen from here.
  ...(requests > 0 && { requests, megabytes: peakMegabytes() }),
})
