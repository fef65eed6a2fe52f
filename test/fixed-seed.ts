import { configureGlobal } from 'fast-check'

// A run of CI has the same random cases every time, so that a failure belongs to a change; without a seed, they are fresh.
const seed = process.env['WARREN_PROPERTY_SEED']
if (seed !== undefined) configureGlobal({ seed: Number(seed) })
