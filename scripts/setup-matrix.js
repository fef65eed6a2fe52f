import { cacheFolder } from './matrix/debian-tree.js'
import { findBroker } from './matrix/find-broker.js'
import { chosenSeries } from './matrix/series.js'

// Ensures that each series of RabbitMQ that `npm run test:matrix` runs on is available, and prints where it comes
// from. The arguments are names of series; without any, all.

let missing = 0
for (const series of chosenSeries(process.argv.slice(2))) {
  const broker = await findBroker(series, cacheFolder(process.env))
  if ('missing' in broker) missing += 1
  process.stdout.write(`RabbitMQ ${series.name}: ${'missing' in broker ? `missing: ${broker.missing}` : broker.from}\n`)
}
process.exitCode = missing === 0 ? 0 : 6
