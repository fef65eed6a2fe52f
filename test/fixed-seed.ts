import { configureGlobal } from 'fast-check'

// In CI, the random cases are the same every time, so that a failure comes from a change. Without a seed, they are
// new in each run.
const seed = process.env['WARREN_PROPERTY_SEED']
if (seed !== undefined) configureGlobal({ seed: Number(seed) })
