import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { drawPage, graphPage, surveyPage, trace } from '../../src/index.ts'
import type { DeleteOf } from '../../src/plan/change.ts'
import { hashOf } from '../../src/page/deep-link.ts'
import { traceJson } from '../../src/render/trace/trace-json.ts'
import { queue } from '../builders/objects.ts'
import { hostileDefinitions, HOSTILE_NAMES } from './hostile-names.ts'
import { TestBrowser } from './open-page.ts'

const GUIDE = join(import.meta.dirname, '../guides/graph/topology.yaml')
const ENVIRONMENT = { ORDER_API_PASSWORD: 'secret-of-order-api', BILLING_WORKER_PASSWORD: 'secret-of-billing' }

const FILES = { paths: [GUIDE], environment: ENVIRONMENT }

let browser: TestBrowser
let guide: string

beforeAll(async () => {
  ;[browser, guide] = await Promise.all([TestBrowser.start(), graphPage({ files: FILES }).then(drawPage)])
})

afterAll(async () => browser.stop())

async function openGuide(options: Parameters<TestBrowser['open']>[1] = {}): Promise<Page> {
  const { page, complaints } = await browser.open(guide, options)
  onTestFinished(async () => {
    await page.context().close()
    expect(complaints).toEqual([])
  })
  return page
}

async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    // `axe` is a global of the page.
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<axe.AxeResults> } }
    const { violations } = await axe.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  })
}

const focused = (page: Page) =>
  page.evaluate('document.activeElement?.dataset?.id ?? document.activeElement?.id') as Promise<string>
const heading = (page: Page) => page.locator('#panel h2').textContent()

describe('the page of a topology', () => {
  it.each(['light', 'dark'] as const)('has no serious accessibility problem on a %s screen', async (colorScheme) => {
    const page = await openGuide({ colorScheme, hash: '#node=queue:shop/billing' })

    expect(await heading(page)).toBe('billing')
    expect(await seriousViolations(page)).toEqual([])
    await page.goto(`${page.url().split('#')[0]}${hashOf(ORDER_PAID)}`)
    await expect.poll(() => heading(page)).toBe('Trace a message')
    expect(await seriousViolations(page)).toEqual([])
    await page.click('#show-findings')
    expect(await seriousViolations(page)).toEqual([])
  })

  it('can be used with the keyboard alone', async () => {
    const page = await openGuide()
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }

    await press('/')
    expect(await focused(page)).toBe('search')
    await page.keyboard.type('shipp')
    await press('Enter')
    expect(await heading(page)).toBe('shipping')
    expect(await focused(page)).toBe('queue:shop/shipping')

    await press('ArrowLeft')
    expect(await focused(page)).toBe('exchange:shop/events')
    await press('ArrowLeft')
    expect(await focused(page)).toBe('publication:shop/order-paid')
    await press('Enter')
    expect(await heading(page)).toBe('order-paid')
    await press('Escape')
    expect(await heading(page)).toBe('Nothing selected')
    expect(await focused(page)).toBe('publication:shop/order-paid')
    expect(await page.evaluate(`getComputedStyle(document.activeElement.querySelector('.shape')).strokeWidth`)).toBe(
      '4px',
    )

    const reached = new Set<string>()
    await page.evaluate('document.activeElement.blur()')
    for (let tabs = 0; tabs < 25; tabs += 1) {
      await press('Tab')
      reached.add(await focused(page))
    }
    expect([...reached]).toEqual(expect.arrayContaining(['search', 'show-trace', 'show-findings', 'zoom-in']))
    expect([...reached].some((id) => id.includes(':shop/'))).toBe(true)
  })

  it('finds nodes by keys, owners and users', async () => {
    const page = await openGuide()
    const found = async (text: string) => {
      await page.fill('#search', text)
      return page.locator('#found button').allTextContents()
    }

    expect(await found('cancelled')).toEqual([
      'events exchange, key order.*.cancelled',
      'shipping queue, key order.*.cancelled',
    ])
    expect(await found('logistics')).toEqual(['shipping queue, owner logistics'])
    expect(await found('billing-worker')).toEqual(['billing subscription, user billing-worker'])
    expect(await found('no such thing')).toEqual([])
  })

  it('fades what filters leave out', async () => {
    const page = await openGuide()
    const shown = () =>
      page.locator('g.node[data-id]:not(.faded)').evaluateAll((all) => all.map((each) => each.getAttribute('data-id')))

    await page.selectOption('[name="owner"]', 'logistics')
    expect(await shown()).toEqual(['queue:shop/shipping'])
    expect(await page.textContent('#status')).toBe('1 of 7 are shown')
    await page.click('[type="reset"]')
    await page.fill('[name="prefix"]', 'bill')
    expect(await shown()).toEqual(['queue:shop/billing', 'subscription:shop/billing'])
    await page.uncheck('[value="queue"]')
    expect(await shown()).toEqual(['subscription:shop/billing'])
    // Nodes that a filter fades are hidden from screen readers, so the tab key has to pass them.
    expect(
      await page.locator('g.node[tabindex="0"]').evaluateAll((all) => all.map((each) => each.getAttribute('data-id'))),
    ).toEqual(['subscription:shop/billing'])
    await page.fill('#search', 'shipping')
    await page.press('#search', 'Enter')
    expect(await focused(page)).toBe('queue:shop/shipping')
    expect(await page.locator('g.node:focus').getAttribute('aria-hidden')).toBeNull()
  })

  it('shows the facts about a node, with buttons to others', async () => {
    const page = await openGuide({ hash: '#node=queue:shop/billing' })

    const facts = await page.locator('#panel dl').textContent()
    expect(facts).toContain('Ownerbilling')
    expect(facts).toContain('events with order.*.paid')
    expect(facts).toContain('Published byorder-paid')
    expect(facts).toContain('Consumed bybilling')
    expect(facts).toContain('Fails→ billing.retry.5s → 30s → 5m, then billing.dead')
    await page.click('#panel [data-node="publication:shop/order-paid"]')
    expect(await heading(page)).toBe('order-paid')
    await page.goBack()
    await expect.poll(() => heading(page)).toBe('billing')
  })

  it('traces a message as the command line does, and highlights its route', async () => {
    const page = await openGuide()

    await page.click('#show-trace')
    await page.selectOption('#trace-from', 'publication:shop/order-paid')
    await page.click('#trace-form button')
    expect(await page.textContent('.problem')).toBe('The parameter orderId needs a value.')
    await page.fill('[data-parameter="orderId"]', '17')
    await page.keyboard.press('Enter')
    const json = await page.textContent('#trace-json')
    const target = { publication: 'order-paid', parameters: { orderId: '17' } }
    expect(json).toBe(traceJson(await trace({ files: FILES, target })))
    expect(
      await page.locator('.node.on-route').evaluateAll((all) => all.map((each) => each.getAttribute('data-id'))),
    ).toEqual(['publication:shop/order-paid', 'exchange:shop/events', 'queue:shop/billing', 'queue:shop/shipping'])
    expect(page.url()).toContain(hashOf(ORDER_PAID))
  })

  it('marks the changes of a plan, and findings at their nodes', async () => {
    const gone = queue('old', { vhost: 'shop' })
    const deletion = { action: 'delete', kind: 'queue', address: 'queue:shop/old', before: gone } as DeleteOf<'queue'>
    const drawn = await graphPage({ files: FILES, plan: { project: 'shop', changes: [deletion] } })
    const finding = { rule: 'r', severity: 'error', message: 'is wrong', meaning: '', remedy: 'Correct it.' } as const
    const html = await drawPage({ ...drawn, findings: [{ ...finding, node: 'queue:shop/lost' }] })
    const { page, complaints } = await browser.open(html)
    onTestFinished(() => page.context().close())

    await page.selectOption('[name="only"]', 'changes')
    expect(await page.textContent('#status')).toBe('1 of 8 are shown')
    await page.click('[data-id="queue:shop/old"]')
    expect(await page.textContent('.changes')).toBe('− is deleted')
    await page.selectOption('[name="only"]', 'findings')
    expect(await page.textContent('#status')).toBe('1 of 8 are shown')
    expect((await page.textContent('.finding-count'))?.trim()).toBe('1')
    expect(await page.getAttribute('[data-id="queue:shop/lost"]', 'aria-label')).toMatch(/, 1 finding$/)
    await page.click('#show-findings')
    await page.click('#panel [data-node="queue:shop/lost"]')
    expect(await page.textContent('#panel .findings')).toContain('error: is wrong')
    expect(complaints).toEqual([])
  })

  it('reads the most hostile names as names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-page-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'definitions.json')
    await writeFile(path, hostileDefinitions())
    const html = await drawPage(await graphPage({ source: { from: path } }))
    const { page, complaints } = await browser.open(html)
    onTestFinished(() => page.context().close())

    for (const name of HOSTILE_NAMES) {
      await page.fill('#search', name)
      await page.press('#search', 'Enter')
      expect(await heading(page)).toBe(name)
    }
    await page.reload()
    await page.waitForSelector('html[data-ready]', { state: 'attached' })
    expect(await heading(page)).toBe(HOSTILE_NAMES.at(-1))
    expect(await page.evaluate('[window.hacked, document.scripts.length, document.images.length]')).toEqual([
      undefined,
      2,
      0,
    ])
    expect(complaints).toEqual([])
  })

  it('shows the figures of a survey above the pictures', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-page-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'definitions.json')
    await writeFile(path, hostileDefinitions())
    const { page, complaints } = await browser.open(await drawPage(await surveyPage({ from: path })))
    onTestFinished(() => page.context().close())

    const figures = await page.locator('#survey').innerText()
    expect(figures).toContain('unknown: of 24 objects')
    expect(figures).toContain('8 exchanges (8 topic), 8 queues (8 classic), 8 bindings')
    // Without parameters, the file does not contain operator policies.
    expect(figures).toContain('unknown in 1 vhost')
    expect(await page.textContent('#show-findings')).toBe('0 findings')
    await page.click('#show-findings')
    expect(await page.textContent('#panel')).toContain('its objects could not all be read')
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('prints without its controls', async () => {
    const page = await openGuide()

    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('header form').isVisible()).toBe(false)
    expect(await page.locator('.drawing svg').isVisible()).toBe(true)
  })
})

const ORDER_PAID = {
  kind: 'trace',
  from: 'publication:shop/order-paid',
  key: '',
  parameters: { orderId: '17' },
  headers: {},
} as const
