import { readFileSync } from 'node:fs'
import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { prepare } from './works.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'

// Reading a file, or planning, once in a process of its own: started by parts/load.js. What a program loads before is no part
// of the time; what the compiler does for the first call is.

const { does, path, objects } = await readJob()
const work = await prepare(does, path)
const stop = startClocks()
await work.run()
const times = stop()
const bytes = readFileSync(path).length
answer({
  ...times,
  objectsPerSecond: objects / times.seconds,
  ...(work.readsFile && { megabytesPerSecond: bytes / 1e6 / times.seconds }),
  megabytes: peakMegabytes(),
})
