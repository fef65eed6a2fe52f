import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumProgram } from '../../scripts/programs/find-programs.js'

/** A page in Chromium, with a list of its unwanted actions. */
export interface OpenedPage {
  readonly page: Page
  /** The requests of the page after its own, its output to the console, and its uncaught errors. */
  readonly complaints: readonly string[]
}

/** One Chromium for all pages of a test file. */
export class TestBrowser {
  readonly #browser: Browser
  readonly #folder: string

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser
    this.#folder = folder
  }

  static async start(): Promise<TestBrowser> {
    const executablePath = chromiumProgram()
    if (executablePath === undefined) throw new Error('Chromium is not installed: run npm run setup:tests')
    // A container runs tests as root, for which Chromium has no sandbox.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    return new TestBrowser(browser, await mkdtemp(join(tmpdir(), 'warren-page-')))
  }

  /** Writes a page into a file and opens it, with a hash if one is given. */
  async open(
    html: string,
    { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
  ): Promise<OpenedPage> {
    const path = join(this.#folder, 'topology.html')
    await writeFile(path, html)
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    const url = pathToFileURL(path).href
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== url) complaints.push(`requested ${request.url()}`)
    })
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(url + hash)
    await page.waitForSelector('html[data-ready]', { state: 'attached' })
    return { page, complaints }
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
