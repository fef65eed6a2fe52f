import { readFileSync } from 'node:fs'
import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { prepare } from './works.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'

// Measures reading a file, or planning, once, in a separate process that parts/load.js starts. The time does not
// include loading the modules, but it includes compiling them at the first call.

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
