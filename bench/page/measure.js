import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { drawPage, graphPage } from '../../dist/index.js'
import { openChromium } from './open-chromium.js'

// The size of pages, and how long they take to be written, opened and filtered: `node bench/page/measure.js` after a
// build, on an otherwise idle machine.

const folder = await mkdtemp(join(tmpdir(), 'warren-page-'))
const browser = await openChromium()
try {
  for (const queues of [60, 500]) {
    const path = join(folder, 'shop.yaml')
    await writeFile(path, shop(queues))
    const begun = performance.now()
    const html = await drawPage(await graphPage({ files: { paths: [path] } }))
    const written = performance.now() - begun
    const out = join(folder, 'shop.html')
    await writeFile(out, html)
    const opened = []
    const filtered = []
    for (let run = 0; run < 5; run += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      const start = performance.now()
      await page.goto(pathToFileURL(out).href)
      await page.waitForSelector('html[data-ready]', { state: 'attached' })
      opened.push(performance.now() - start)
      await page.click('[data-view-button="all"]')
      filtered.push(await page.evaluate(timeOfFilter))
      await page.close()
    }
    const { size } = await stat(out)
    console.log(
      `${queues} queues: ${Math.round(size / 1_000)} KB, written in ${Math.round(written)} ms, ` +
        `opens in ${middle(opened)} ms, filters in ${middle(filtered)} ms until it is drawn`,
    )
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}

/** Filters by a prefix, and waits until the next frame is drawn. Runs in the page. */
function timeOfFilter() {
  const { document, requestAnimationFrame, Event } = /** @type {any} */ (globalThis)
  const input = document.querySelector('[name="prefix"]')
  input.value = 'billing.invoice'
  const start = performance.now()
  input.dispatchEvent(new Event('input', { bubbles: true }))
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
  })
}

/** @param {readonly number[]} times */
function middle(times) {
  return Math.round(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0)
}

/**
 * A shop with retries and dead letters, and as many subscriptions as queues.
 *
 * @param {number} queues
 */
function shop(queues) {
  const teams = [
    'billing',
    'shipping',
    'catalog',
    'accounts',
    'search',
    'media',
    'loyalty',
    'support',
    'pricing',
    'fraud',
  ]
  const kinds = ['invoice', 'order', 'refund', 'customer', 'item', 'alert', 'export', 'sync']
  const names = Array.from({ length: queues }, (_, at) => {
    const team = teams[at % (queues < 100 ? 4 : teams.length)]
    return { team, next: teams[(at + 1) % 4], name: `${team}.${kinds[at % kinds.length]}-${at}`, at }
  })
  const used = [...new Set(names.map(({ team }) => team))]
  return [
    'warren: 1',
    'project: shop',
    'vhost: shop',
    'exchanges:',
    ...used.map((team) => `  ${team}.events: { type: topic }`),
    'queues:',
    ...names.flatMap(({ team, next, name, at }) => [
      `  ${name}:`,
      '    type: quorum',
      `    labels: { owner: team-${team} }`,
      `    bindings: [{ exchange: ${team}.events, routingKey: order.*.step${at} }${at % 3 === 0 ? `, { exchange: ${next}.events, routingKey: order.# }` : ''}]`,
      '    deadLetter: true',
      ...(at % 2 === 0 ? ['    retry: { delays: [5s, 30s, 5m] }'] : []),
    ]),
    'publications:',
    ...used.map((team) => `  ${team}-changed: { exchange: ${team}.events, routingKey: 'order.{id}.step1' }`),
    'subscriptions:',
    ...names.map(({ name }) => `  ${name}: { queue: ${name} }`),
    '',
  ].join('\n')
}
