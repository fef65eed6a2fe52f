import { cacheFolder } from './matrix/debian-tree.js'
import { findBroker } from './matrix/find-broker.js'
import { chosenSeries } from './matrix/series.js'

// Makes sure that each series of RabbitMQ that `npm run test:matrix` runs on can be had, and says where each comes from.
// The names of series may follow; otherwise all.

let missing = 0
for (const series of chosenSeries(process.argv.slice(2))) {
  const broker = await findBroker(series, cacheFolder(process.env))
  if ('missing' in broker) missing += 1
  process.stdout.write(`RabbitMQ ${series.name}: ${'missing' in broker ? `missing: ${broker.missing}` : broker.from}\n`)
}
process.exitCode = missing === 0 ? 0 : 6
