// Measures warren and its peers, and prints tables and whether each goal is met.
//
//   npm run bench                                             all parts, on each available RabbitMQ
//   npm run bench -- --quick                                  whether everything runs, in a few minutes
//   npm run bench -- --part provisioning --series 4.3 --size 1000 --rounds 5
//   npm run bench -- --part runtime --only consume --subject amqplib --subject warren
//   npm run bench -- --merge bench/results/A.json --merge bench/results/B.json
//
// The tables are printed and, with the figures themselves, written to --out, by default bench/results, which git ignores.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchBrokers } from './brokers.js'
import { installPeers } from './install-peers.js'
import { readResults } from './report/read-results.js'
import { mergeRows } from './report/row.js'
import { machine, writeReport } from './report/write-report.js'

const PARTS = ['start', 'load', 'insight', 'provisioning', 'runtime', 'gentleness', 'survey', 'migration', 'batches']

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true, default: PARTS },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    size: { type: 'string', multiple: true },
    series: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [] },
    subject: { type: 'string', multiple: true, default: [] },
    merge: { type: 'string', multiple: true },
    out: { type: 'string', default: fileURLToPath(new URL('results', import.meta.url)) },
  },
})
const unknown = values.part.filter((name) => !PARTS.includes(name))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}: choose from ${PARTS.join(', ')}`)
  process.exit(2)
}

const rows = values.merge ? await readResults(values.merge) : await measureAll()
console.log(await writeReport(rows, values))

async function measureAll() {
  console.log(`${machine()}\n`)
  const folder = await mkdtemp(join(tmpdir(), 'warren-bench-'))
  try {
    const settings = {
      quick: values.quick,
      rounds: values.rounds === undefined ? undefined : Number(values.rounds),
      sizes: values.size?.map(Number),
      only: values.only,
      subjects: values.subject,
      folder,
      tell: (text) => console.error(`  ${text}`),
    }
    const parts = await Promise.all(values.part.map((name) => import(`./parts/${name}.js`)))
    if (parts.some(({ needsPeers }) => needsPeers)) installPeers(values.subject)
    let found = []
    const measure = async (part, broker) => {
      found = mergeRows([...found, ...(await part.run({ ...settings, ...(broker && { broker }) }))])
      // A long run that is stopped keeps its measurements.
      await writeReport(found, values)
    }
    for (const part of parts.filter(({ needsBroker }) => !needsBroker)) await measure(part)
    const withBroker = parts.filter(({ needsBroker }) => needsBroker)
    if (withBroker.length > 0) {
      for await (const broker of benchBrokers(values.series, values.quick)) {
        for (const part of withBroker) await measure(part, broker)
      }
    }
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
