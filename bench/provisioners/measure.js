import { subscribe } from 'node:diagnostics_channel'
import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'

// Measures one task of one provisioner, in a separate process that parts/provisioning.js starts.

/** @type {import('./provisioner.js').ProvisionJob} */
const job = await readJob()
let requests = 0
// undici publishes an event for every request that it sends for any caller.
subscribe('undici:request:create', () => (requests += 1))

const { prepare } = await import(`./${job.provisioner}.js`)
const work = await prepare(job)
requests = 0
const stop = startClocks(job.brokerProcesses)
await work()
const times = stop()
answer({
  ...times,
  // Requests and CPU time of other programs are not visible here.
  ...(requests > 0 && { requests, megabytes: peakMegabytes() }),
})
