import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { drawPage, formatTrace, graphPage, trace } from '../../dist/index.js'
import { openChromium } from './open-chromium.js'

// Compares the traces of the page with those of `warren trace --format json`, for random messages through random
// topologies: `node bench/page/compare-traces.js [MESSAGES]` after a build. The exit code is 1 if a trace differs.

const EXCHANGES = ['e0', 'e1', 'e2', 'e3']
const QUEUES = ['q0', 'q1', 'q2', 'q3', 'q4']
const messages = Number(process.argv[2] ?? 200)
const PER_TOPOLOGY = 20
const folder = await mkdtemp(join(tmpdir(), 'warren-page-'))
const browser = await openChromium()
const counts = { compared: 0, different: 0, reaching: 0 }
try {
  while (counts.compared < messages) {
    const from = join(folder, 'definitions.json')
    const out = join(folder, 'page.html')
    await writeFile(from, JSON.stringify(definitions()))
    await writeFile(out, await drawPage(await graphPage({ source: { from } })))
    const page = await browser.newPage()
    await page.goto(pathToFileURL(out).href)
    await page.waitForSelector('html[data-ready]', { state: 'attached' })
    for (let at = 0; at < PER_TOPOLOGY && counts.compared < messages; at += 1) {
      const message = { exchange: one(['', ...EXCHANGES]), routingKey: one([key(), one(QUEUES)]), headers: headers() }
      const expected = formatTrace(await trace({ source: { from }, target: message }), { format: 'json' })
      await page.click('#show-trace')
      await page.selectOption('#trace-from', `exchange:v/${message.exchange}`)
      await page.fill('[name="key"]', message.routingKey)
      await page.fill(
        '[name="headers"]',
        Object.entries(message.headers)
          .map(([name, value]) => `${name}=${value}`)
          .join('\n'),
      )
      await page.click('#trace-form button[type="submit"]')
      const shown = await page.textContent('#trace-json')
      counts.compared += 1
      if (JSON.parse(expected).reach.queues.length > 0) counts.reaching += 1
      if (shown !== expected) {
        counts.different += 1
        console.log(`differs: ${JSON.stringify(message)}\n${expected}\n${shown}`)
      }
    }
    await page.close()
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}
console.log(`${counts.compared} messages, ${counts.reaching} of which reach a queue: ${counts.different} differ`)
process.exitCode = counts.different === 0 ? 0 : 1

function definitions() {
  const vhost = 'v'
  const flags = { durable: true, auto_delete: false }
  return {
    rabbitmq_version: one(['3.10.8', '3.13.7', '4.0.5', '4.3.0']),
    vhosts: [{ name: vhost }],
    users: [{ name: 'app', tags: [], password_hash: '' }],
    permissions: [{ user: 'app', vhost, configure: '', write: one(['.*', '^e[01]$']), read: '.*' }],
    exchanges: EXCHANGES.map((name) => ({
      vhost,
      name,
      ...flags,
      internal: false,
      type: one(['topic', 'topic', 'direct', 'fanout', 'headers']),
      arguments: Math.random() < 0.3 ? { 'alternate-exchange': one(EXCHANGES) } : {},
    })),
    queues: QUEUES.map((name) => ({
      vhost,
      name,
      ...flags,
      arguments: {
        ...(Math.random() < 0.4 && { 'x-dead-letter-exchange': one(['', ...EXCHANGES]) }),
        ...(Math.random() < 0.3 && { 'x-dead-letter-routing-key': one([key(), one(QUEUES)]) }),
        ...(Math.random() < 0.3 && { 'x-message-ttl': 5_000 }),
        ...(Math.random() < 0.3 && { 'x-max-length': 10, 'x-overflow': one(['drop-head', 'reject-publish']) }),
      },
    })),
    policies: [
      {
        vhost,
        name: 'p',
        pattern: one(['^q', '^e', '']),
        'apply-to': 'all',
        priority: 0,
        definition: { 'message-ttl': 100 },
      },
    ],
    bindings: Array.from({ length: 14 }, () => ({
      vhost,
      source: one(EXCHANGES),
      ...(Math.random() < 0.7
        ? { destination: one(QUEUES), destination_type: 'queue' }
        : { destination: one(EXCHANGES), destination_type: 'exchange' }),
      routing_key: key(),
      arguments: Math.random() < 0.3 ? { 'x-match': one(['all', 'any']), ...headers() } : {},
    })),
  }
}

function key() {
  return Array.from({ length: Math.floor(Math.random() * 4) }, () => one(['a', 'a', 'b', '*', '#', ''])).join('.')
}

function headers() {
  return Object.fromEntries(
    ['h', 'i'].flatMap((name) => (Math.random() < 0.5 ? [[name, one(['a', 1, true, 2.5])]] : [])),
  )
}

/** @param {readonly any[]} values */
function one(values) {
  return values[Math.floor(Math.random() * values.length)]
}
