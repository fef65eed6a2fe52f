import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startBroker } from 'warren/testing'
import { cacheFolder } from '../scripts/matrix/debian-tree.js'
import { findBroker } from '../scripts/matrix/find-broker.js'
import { chosenSeries } from '../scripts/matrix/series.js'
import { brokerProcesses } from './measure/broker-processes.js'

/**
 * Starts the brokers one after the other, and stops each before it starts the next.
 *
 * @param {readonly string[]} names of series, such as `4.3`; when empty: the broker of the environment or the installed one, and every other series that `npm run test:matrix` has prepared
 * @param {boolean} quick only the first
 * @returns {AsyncGenerator<import('./parts/part.js').BenchBroker>}
 */
export async function* benchBrokers(names, quick) {
  for (const environment of await environments(names, quick)) {
    const broker = await startBroker({ environment: { ...process.env, ...environment } })
    const { managementUrl, amqpUrl, username, password, version } = broker
    console.log(`RabbitMQ ${version}`)
    try {
      yield { managementUrl, amqpUrl, username, password, version, processes: brokerProcesses(broker) }
    } finally {
      await broker.stop()
    }
  }
}

/** @returns {Promise<Record<string, string>[]>} */
async function environments(names, quick) {
  if (names.length > 0) {
    const found = await Promise.all(chosenSeries(names).map((series) => findBroker(series, cacheFolder(process.env))))
    return found.flatMap((each) => {
      if ('environment' in each) return [each.environment]
      throw new Error(each.missing)
    })
  }
  if (quick || process.env.WARREN_URL || process.env.WARREN_AMQP_URL) return [{}]
  const ready = chosenSeries([]).filter(({ name }) => existsSync(join(cacheFolder(process.env), name, 'root')))
  const found = await Promise.all(ready.map((series) => findBroker(series, cacheFolder(process.env))))
  return [{}, ...found.flatMap((each) => ('environment' in each ? [each.environment] : []))]
}
