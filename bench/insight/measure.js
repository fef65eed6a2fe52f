import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'
import { prepare } from './works.js'

// Measures lint, trace, tests or breaking changes once, in a separate process that parts/insight.js starts. The time
// does not include loading the files.

const { does, path, queues } = await readJob()
const work = await prepare(does, path, queues)
const stop = startClocks()
work()
answer({ ...stop(), megabytes: peakMegabytes() })
