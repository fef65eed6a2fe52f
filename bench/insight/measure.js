import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'
import { prepare } from './works.js'

// Lint, trace, tests or breaking changes, once in a process of its own: started by parts/insight.js. Loading the files is no
// part of the time.

const { does, path, queues } = await readJob()
const work = await prepare(does, path, queues)
const stop = startClocks()
work()
answer({ ...stop(), megabytes: peakMegabytes() })
