import { performance } from 'node:perf_hooks'
import { CLIENTS } from '../clients/client.js'
import { answer, readJob } from '../measure/job.js'
import { messageOf } from './message.js'

// Measures the time from the start of the process until the broker has confirmed a first message. Started by
// parts/runtime.js.

const { client, size, ...setup } = await readJob()
const { openPublisher } = await import(new URL(CLIENTS[client], import.meta.resolve('../clients/client.js')))
const publisher = await openPublisher(setup)
await publisher.publish(messageOf(size))
const milliseconds = performance.now()
await publisher.close()
answer({ milliseconds })
