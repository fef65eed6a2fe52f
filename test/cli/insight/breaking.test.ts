import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filesOfCommit } from '../../../src/git/files-of-commit.ts'
import { guideBlocks } from '../../guide-blocks.ts'
import { command } from '../../integration/support/command-in-process.ts'

const BEFORE = `warren: 1
project: billing
vhost: shop
exchanges:
  events: { type: topic }
queues:
  audit: { type: classic, bindings: [{ exchange: events, routingKey: '#' }] }
publications:
  paid: { exchange: events, routingKey: invoice.paid }
subscriptions:
  auditor: { queue: audit, onFailure: requeue }
`
const AFTER = BEFORE.replace("routingKey: '#'", 'routingKey: order.*')
const ID = 'publication-reaches-fewer:shop/paid'
const RISKY = 'binding-removed'

let folder: string
let topology: string

function git(...args: readonly string[]): void {
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    stdio: 'ignore',
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-breaking-'))
  topology = join(folder, 'topology.yaml')
  writeFileSync(join(folder, 'before.yaml'), BEFORE)
  writeFileSync(topology, AFTER)
})

afterEach(() => rmSync(folder, { recursive: true }))

async function breaking(against: string, ...more: readonly string[]) {
  return command(['breaking', topology, '--no-config', '--against', against, ...more])
}

describe('warren breaking', () => {
  it('exits with 2 and describes the breaking changes, and with 0 after they are allowed', async () => {
    const found = await breaking(join(folder, 'before.yaml'))

    expect(found.code).toBe(2)
    expect(found.stdout).toContain(`id: ${ID}`)
    expect(found.stdout).toContain('it no longer reaches "audit", and reaches no queue at all')
    const allowed = await breaking(join(folder, 'before.yaml'), '--allow', `${ID}=audit = old`)
    expect([allowed.code, allowed.stdout.includes('allowed: audit = old')]).toEqual([0, true])
  })

  it('compares with a compiled topology, and names the parts that it does not contain', async () => {
    await command(['compile', join(folder, 'before.yaml'), '--no-config', '--out', join(folder, 'before.json')])
    const { code, stdout } = await breaking(join(folder, 'before.json'), '--format', 'json')
    const report = JSON.parse(stdout) as { changes: { id: string; rule: string }[]; notCompared: string[] }

    expect([code, report.changes[0]?.id, report.notCompared]).toEqual([2, ID, ['policies', 'users']])
    expect(report.changes.map(({ rule }) => rule)).toContain(RISKY)
  })

  it('compares with a definitions file, which has no routes', async () => {
    await command([
      'definitions',
      join(folder, 'before.yaml'),
      '--no-config',
      '--out',
      join(folder, 'definitions.json'),
    ])
    const { code, stdout } = await breaking(join(folder, 'definitions.json'))

    expect(stdout).toContain('not compared')
    expect([code, stdout.includes(RISKY)]).toEqual([0, true])
  })

  it('annotates in the formats of reviewers and services', async () => {
    for (const [format, text] of [
      ['github', '::error file='],
      ['sarif', `"ruleId": "publication-reaches-fewer"`],
      ['markdown', '**Errors (1)**'],
    ] as const) {
      const { code, stdout } = await breaking(join(folder, 'before.yaml'), '--format', format)
      expect([code, stdout.includes(text)]).toEqual([2, true])
    }
  })

  it('refuses an allowance without a reason, and a version that does not exist', async () => {
    expect((await breaking(join(folder, 'before.yaml'), '--allow', ID)).code).toBe(3)
    expect((await breaking('no-such-version')).code).toBe(3)
  })

  it('names allowances that match nothing', async () => {
    const { stdout } = await breaking(topology, '--allow', 'queue-removed:shop/none=gone')

    expect(stdout).toContain('--allow queue-removed:shop/none matches no finding')
  })
})

describe('the guide to breaking changes', () => {
  it('shows files that exist, and the output of the command', async () => {
    const blocks = await guideBlocks('breaking.md')
    expect(blocks.map(({ text, inFile }) => text === inFile)).toEqual([true, true])
    const [before = '', after = ''] = blocks.map(({ file = '' }) => join(import.meta.dirname, '../../..', file))
    const { stdout, code } = await command(['breaking', after, '--no-config', '--against', before])
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/how-to/breaking.md'), 'utf8')
    const shown = /against before\.yaml\n([^]*?)```/.exec(guide)?.[1] ?? 'none'

    expect([code, stdout.startsWith(shown)]).toEqual([2, true])
  })
})

describe('the files of a commit', () => {
  it('are read as committed, without touching the working tree', async () => {
    writeFileSync(topology, BEFORE)
    git('init', '-q')
    git('add', '.')
    git('commit', '-q', '-m', 'before')
    writeFileSync(topology, AFTER)
    const commit = await filesOfCommit('HEAD', folder)
    const path = (await commit.pathOf(topology)) ?? ''

    expect(readFileSync(path, 'utf8')).toBe(BEFORE)
    expect(commit.shown(path)).toBe('HEAD:topology.yaml')
    expect(await commit.pathOf(join(folder, 'new.yaml'))).toBeUndefined()
    expect(readFileSync(topology, 'utf8')).toBe(AFTER)
    await commit.remove()
  })
})

describe('warren breaking of several projects', () => {
  const billing = `warren: 1\nproject: billing\nvhost: shop\nexchanges: { events: { type: topic } }
queues:
  audit: { type: classic, bindings: [{ exchange: events, routingKey: '#' }] }
  paid: { type: classic, bindings: [{ exchange: events, routingKey: 'invoice.#' }] }
`
  const shipping = `warren: 1\nproject: shipping\nvhost: shop\nexchanges: { events: { type: topic, external: true } }
queues: { audit: { external: true } }
publications: { shipped: { exchange: events, routingKey: parcel.shipped } }
subscriptions: { auditor: { queue: audit, onFailure: requeue } }
`
  /** The queue audit moves to the other project, and the other queue is removed. */
  const billingAfter = billing.replace(/  audit: .*\n  paid: .*\n/, '  kept: { type: classic }\n')
  const shippingAfter = shipping.replace(
    'audit: { external: true }',
    "audit: { type: classic, bindings: [{ exchange: events, routingKey: '#' }] }",
  )

  function write(folderName: string, texts: Readonly<Record<string, string>>): void {
    mkdirSync(folderName, { recursive: true })
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folderName, name), text)
  }

  interface Shown {
    readonly runs: readonly { readonly project: string; readonly changes: readonly { id: string; class: string }[] }[]
  }

  async function compared(against: string, ...more: readonly string[]) {
    const config = join(folder, 'warren.config.yaml')
    writeFileSync(
      config,
      'warrenConfig: 1\nprojects: { billing: { paths: [billing.yaml] }, shipping: { paths: [shipping.yaml] } }\n',
    )
    const answer = await command(['breaking', '--config', config, '--against', against, '--format', 'json', ...more])
    return { ...answer, runs: answer.stdout === '' ? [] : (JSON.parse(answer.stdout) as Shown).runs }
  }

  it('follows an object that moves from one project to another, and names the users of removed objects', async () => {
    write(folder, { 'billing.yaml': billing, 'shipping.yaml': shipping })
    git('init', '-q')
    git('add', '-A')
    git('commit', '-q', '-m', 'before')
    write(folder, { 'billing.yaml': billingAfter, 'shipping.yaml': shippingAfter })
    const { code, runs } = await compared('HEAD')

    const found = runs.map(({ project, changes }) => [project, changes.map((each) => `${each.class} ${each.id}`)])
    expect([code, found]).toEqual([
      0,
      [
        [
          'billing',
          [
            'risky binding-removed:shop/events/queue/paid/invoice.%23',
            'risky queue-removed:shop/paid',
            'safe queue-added:shop/kept',
          ],
        ],
        ['shipping', []],
      ],
    ])
  })

  it('accepts a variable to which only one of the projects refers, and that the commit does not use yet', async () => {
    write(folder, { 'billing.yaml': billing, 'shipping.yaml': shipping })
    git('init', '-q')
    git('add', '-A')
    git('commit', '-q', '-m', 'before')
    write(folder, { 'billing.yaml': billing.replace('invoice.#', '${var:key}') })

    expect(await compared('HEAD', '--var', 'key=invoice.#')).toMatchObject({ code: 0, stderr: '' })
    expect(await compared('HEAD', '--var', 'kex=invoice.#')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no file refers to the variable "kex"'),
    })
  })

  /** The rules and addresses of the findings of each run. */
  const found = (runs: Shown['runs']) =>
    runs.map(({ project, changes }) => [project, ...changes.map((each) => `${each.class} ${each.id}`)])

  it('compares each project with its own files in a folder, and follows an object that moves there', async () => {
    const deployed = join(folder, 'deployed')
    write(deployed, { 'billing.yaml': billing, 'shipping.yaml': shipping })
    write(folder, { 'billing.yaml': billingAfter, 'shipping.yaml': shippingAfter })
    const { code, runs } = await compared(deployed)

    expect([code, found(runs)]).toEqual([
      0,
      [
        [
          'billing',
          'risky binding-removed:shop/events/queue/paid/invoice.%23',
          'risky queue-removed:shop/paid',
          'safe queue-added:shop/kept',
        ],
        ['shipping'],
      ],
    ])
  })

  it('compares one project with its own files in a folder of several', async () => {
    const deployed = join(folder, 'deployed')
    write(deployed, { 'billing.yaml': billing, 'shipping.yaml': shipping })
    write(folder, { 'billing.yaml': billing.replace('invoice.#', 'bill.#'), 'shipping.yaml': shipping })
    const { code, stdout, stderr } = await compared(deployed, '--project', 'billing')
    const { changes } = JSON.parse(stdout) as Shown['runs'][number]

    expect([code, stderr, changes.map(({ id }) => id)]).toEqual([
      0,
      '',
      ['binding-removed:shop/events/queue/paid/invoice.%23'],
    ])
  })

  it('treats a project that the folder lacks as new, and refuses a folder without any of the projects', async () => {
    const deployed = join(folder, 'deployed')
    write(deployed, { 'billing.yaml': billing })
    write(folder, { 'billing.yaml': billing, 'shipping.yaml': shipping })
    const { runs } = await compared(deployed)
    expect(runs.map(({ changes }) => changes.every((each) => each.class === 'safe'))).toEqual([true, true])

    write(join(folder, 'empty'), {})
    expect(await compared(join(folder, 'empty'))).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('has none of the files'),
    })
  })

  it('uses the overlays of an environment in the folder, and keeps environments apart', async () => {
    const config = join(folder, 'warren.config.yaml')
    const deployed = join(folder, 'deployed')
    const limits = 'queues: { paid: { maxLength: 10 } }\n'
    write(deployed, { 'billing.yaml': billing, 'shipping.yaml': shipping, 'prod.yaml': limits })
    write(folder, {
      'billing.yaml': billing.replace(/  audit: .*\n/, ''),
      'shipping.yaml': shipping,
      'prod.yaml': limits,
      'moved.yaml':
        "queues: { audit: { type: classic, external: false, bindings: [{ exchange: events, routingKey: '#' }] } }\n",
      'warren.config.yaml': `warrenConfig: 1
projects:
  billing: { paths: [billing.yaml], overlays: { prod: [prod.yaml] } }
  shipping: { paths: [shipping.yaml], overlays: { prod: [moved.yaml] } }
environments: { test: {}, prod: {} }
`,
    })
    const options = ['--config', config, '--all-environments', '--against', deployed, '--format', 'json']
    const { stdout } = await command(['breaking', ...options])
    const { runs } = JSON.parse(stdout) as { runs: (Shown['runs'][number] & { environment: string })[] }
    const removed = runs.map(({ environment, project, changes }) => [
      `${environment}/${project}`,
      ...changes.flatMap((each) => (each.id.endsWith('removed:shop/audit') ? [each.class] : [])),
    ])

    expect(removed).toEqual([['test/billing', 'breaking'], ['test/shipping'], ['prod/billing'], ['prod/shipping']])
    expect(runs.flatMap(({ changes }) => changes).some(({ id }) => id.includes('limit'))).toBe(false)
  })

  it('treats a project that the commit lacks as new', async () => {
    write(folder, { 'billing.yaml': billing })
    git('init', '-q')
    git('add', 'billing.yaml')
    git('commit', '-q', '-m', 'before')
    write(folder, { 'shipping.yaml': shipping })
    const { code, runs } = await compared('HEAD')

    expect(code).toBe(0)
    expect(runs[1]?.changes.every((each) => each.class === 'safe')).toBe(true)
  })

  it('compares a project with a single file only when that project is chosen', async () => {
    write(folder, { 'billing.yaml': billing, 'shipping.yaml': shipping, 'old.yaml': billing })

    expect(await compared(join(folder, 'old.yaml'))).toMatchObject({ code: 3 })
    const { code } = await command([
      'breaking',
      '--config',
      join(folder, 'warren.config.yaml'),
      '--project',
      'billing',
      '--against',
      join(folder, 'old.yaml'),
    ])
    expect(code).toBe(0)
  })
})
