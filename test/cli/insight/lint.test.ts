import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'
import { guideBlocks } from '../../guide-blocks.ts'

const ROOT = join(import.meta.dirname, '../../..')
const EXAMPLE = join(ROOT, 'test/guides/lint/topology.yaml')
const LITERAL = 'binding-never-matches'

/** Writes files into a new folder. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-lint-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

/** The example with a config. */
async function lintWith(config: string, files: Readonly<Record<string, string>> = {}, ...options: string[]) {
  const text = await readFile(EXAMPLE, 'utf8')
  const folder = await folderWith({
    'topology.yaml': text,
    'warren.config.yaml': `warrenConfig: 1\n${config}`,
    ...files,
  })
  return command(['lint', join(folder, 'topology.yaml'), '--config', join(folder, 'warren.config.yaml'), ...options])
}

describe('warren lint', () => {
  it('prints what the guide shows', async () => {
    const [block] = await guideBlocks('lint.md')
    expect(block?.text).toBe(block?.inFile)
    const guide = await readFile(join(ROOT, 'docs/how-to/lint.md'), 'utf8')
    const shown = /^topology\.yaml:.*$/m.exec(guide)?.[0]
    const { code, stdout } = await command(['lint', EXAMPLE, '--no-config'])

    expect(stdout.replace(EXAMPLE, 'topology.yaml').split('\n')[0]).toBe(shown)
    expect(stdout).toContain('lint  0 errors, 1 warning (RabbitMQ 4.3.6)')
    expect(code).toBe(0)
  })

  it('exits with 3 from the severity of --fail-on on', async () => {
    const codes = ['error', 'warning', 'never'].map(async (severity) => {
      return (await command(['lint', EXAMPLE, '--no-config', '--fail-on', severity])).code
    })

    expect(await Promise.all(codes)).toEqual([0, 3, 0])
  })

  it('uses severities of the config, which may be off', async () => {
    expect(await lintWith(`lint: { rules: { ${LITERAL}: error } }`)).toMatchObject({ code: 3 })
    expect(await lintWith(`lint: { rules: { ${LITERAL}: off } }`, {}, '--fail-on', 'warning')).toMatchObject({
      code: 0,
    })
  })

  it('uses rules of the configs that a config extends, with lower precedence than its own', async () => {
    const rules = `warrenConfig: 1\nlint: { rules: { ${LITERAL}: error, allowed-queue-types: { types: [stream] } } }\n`
    const { code, stdout } = await lintWith(
      `lint: { extends: [rules.yaml], rules: { ${LITERAL}: off } }`,
      { 'rules.yaml': rules },
      '--format',
      'json',
    )

    const { runs } = JSON.parse(stdout) as { runs: { findings: { rule: string; address: string }[] }[] }
    expect(runs[0]?.findings.map(({ rule, address }) => [rule, address])).toEqual([
      ['allowed-queue-types', 'queue:%2F/audit'],
      ['allowed-queue-types', 'queue:%2F/audit.dead'],
    ])
    expect(code).toBe(0)
  })

  it('refuses a config with a rule that does not exist, and suggests one', async () => {
    const { code, stderr } = await lintWith('lint: { rules: { binding-never-match: off } }')

    expect(code).toBe(3)
    expect(stderr).toContain('binding-never-matches')
  })

  it('accepts findings by address, and reports an entry that accepts none', async () => {
    const accepting = (address: string) =>
      lintWith(`lint: { ignore: [{ rule: ${LITERAL}, address: '${address}', reason: known }] }`)

    expect((await accepting('binding:*')).stdout).toBe('lint  0 errors, 0 warnings, 1 ignored (RabbitMQ 4.3.6)\n')
    expect((await accepting('queue:*')).stdout).toContain('unused-ignore')
  })

  it('lints exported definitions with the rules of their version', async () => {
    const definitions = {
      rabbitmq_version: '3.10.8',
      vhosts: [{ name: '/' }],
      queues: [
        { vhost: '/', name: 'a', durable: true, auto_delete: false, arguments: { 'x-dead-letter-exchange': 'gone' } },
      ],
      exchanges: [],
      bindings: [],
      policies: [],
      parameters: [],
    }
    const { bindings: _bindings, ...withoutBindings } = definitions
    const folder = await folderWith({
      'definitions.json': JSON.stringify(definitions),
      'part.json': JSON.stringify(withoutBindings),
    })
    const { stdout } = await command(['lint', '--from', join(folder, 'definitions.json'), '--no-config'])
    const part = (format: string) =>
      command(['lint', '--from', join(folder, 'part.json'), '--no-config', '--format', format])

    expect(stdout).toContain(
      'warning  queue:%2F/a: dead letters of queue "a" reach no queue: there is no exchange "gone"',
    )
    expect(stdout).toContain('(RabbitMQ 3.10.8)')
    expect(stdout).not.toContain('unknown in')
    // As in a survey, because such findings would be wrong.
    expect((await part('text')).stdout).toBe(
      'lint  0 errors, 0 warnings (RabbitMQ 3.10.8)\nunknown in 1 vhost, whose objects could not all be read: /\n',
    )
    expect(JSON.parse((await part('json')).stdout)).toMatchObject({ runs: [{ unread: ['/'], findings: [] }] })
  })

  it('uses the rules of --broker-version', async () => {
    const text =
      'warren: 1\nproject: p\nvhost: /\nqueues: { q: { type: classic, arguments: { x-queue-version: 1 } } }\n'
    const folder = await folderWith({ 'topology.yaml': text })
    const run = (version: string) =>
      command(['lint', join(folder, 'topology.yaml'), '--no-config', '--broker-version', version])

    expect(await run('4.0.5')).toMatchObject({ code: 0 })
    expect(await run('4.0')).toMatchObject({ code: 0, stdout: expect.stringContaining('(RabbitMQ 4.0.5)') })
    expect(await run('4.3.6')).toMatchObject({ code: 3, stdout: expect.stringContaining('queue-argument-refused') })
    expect(await run('newest')).toMatchObject({ code: 3, stderr: expect.stringContaining('MAJOR.MINOR.PATCH') })
  })

  it.each([
    ['github', `title=${LITERAL}::`],
    ['sarif', `"ruleId": "${LITERAL}"`],
    ['gitlab', `"check_name": "${LITERAL}"`],
    ['markdown', LITERAL],
    ['junit', 'warren lint'],
  ])('has the format %s', async (format, part) => {
    const { stdout } = await command(['lint', EXAMPLE, '--no-config', '--format', format])

    expect(stdout).toContain(part)
  })

  it('reports an invalid file as validate does', async () => {
    const folder = await folderWith({ 'topology.yaml': 'warren: 1\n' })

    expect(await command(['lint', join(folder, 'topology.yaml'), '--no-config'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('the key "project" is missing'),
    })
  })

  it('does not accept files together with a broker', async () => {
    expect(await command(['lint', EXAMPLE, '--from', 'definitions.json'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('one run lints either files or a broker'),
    })
  })
})

const FIXABLE = `# The shop.
warren: 1
project: shop
vhost: /
exchanges:
  events: { type: topic } # all events
queues:
  # warren-ignore queue-not-consumed: not needed
  audit:
    type: quorum
    deadLetter: true
    bindings:
      - { exchange: events, routingKey: 'orders.*' }
      - { exchange: events, routingKey: 'orders.#' } # everything
      - exchange: events
        routingKey: 'a.#.#.#.b'
`

const FIXED = `# The shop.
warren: 1
project: shop
vhost: /
exchanges:
  events: { type: topic } # all events
queues:
  audit:
    type: quorum
    deadLetter: true
    bindings:
      - { exchange: events, routingKey: 'orders.#' } # everything
      - exchange: events
        routingKey: 'a.#.b'
`

describe('warren lint --fix', () => {
  it('fixes what is certain, keeps comments and layout, and finds nothing to fix afterwards', async () => {
    const file = join(await folderWith({ 'topology.yaml': FIXABLE }), 'topology.yaml')
    const first = await command(['lint', file, '--fix', '--no-config'])
    const second = await command(['lint', file, '--fix', '--no-config'])

    expect(await readFile(file, 'utf8')).toBe(FIXED)
    expect(first.stderr.replaceAll(file, 'topology.yaml')).toBe(
      `topology.yaml:8:3  fixed: removed the comment about queue-not-consumed  unused-ignore
topology.yaml:13:9  fixed: removed the binding from "events" to queue "audit" with key "orders.*"  binding-redundant
topology.yaml:15:9  fixed: wrote the key "a.#.b" for "a.#.#.#.b"  binding-key-refused
`,
    )
    expect([first.code, first.stdout]).toEqual([0, 'lint  0 errors, 0 warnings (RabbitMQ 4.3.6)\n'])
    expect(second).toEqual({ code: 0, stdout: first.stdout, stderr: '' })
  })

  it('leaves a binding that another environment needs', async () => {
    const base = `warren: 1\nproject: shop\nvhost: /\nexchanges: { events: { type: topic } }
queues: { audit: { type: quorum, deadLetter: true, bindings: [{ exchange: events, routingKey: a }, { exchange: events, routingKey: '#' }] } }\n`
    const config = `warrenConfig: 1\nprojects: { shop: { paths: [topology.yaml], overlays: { b: [direct.yaml] } } }
environments: { a: { url: 'http://localhost:1' }, b: { url: 'http://localhost:2' } }\n`
    const folder = await folderWith({
      'topology.yaml': base,
      'direct.yaml': 'exchanges: { events: { type: direct } }\n',
      'warren.config.yaml': config,
    })
    const { stdout } = await command([
      'lint',
      '--fix',
      '--all-environments',
      '--config',
      join(folder, 'warren.config.yaml'),
    ])

    expect(stdout).toContain('binding-redundant')
    expect(await readFile(join(folder, 'topology.yaml'), 'utf8')).toBe(base)
  })

  it('refuses standard input and a broker', async () => {
    expect(await command(['lint', '-', '--fix'])).toMatchObject({ code: 3 })
    expect(await command(['lint', '--from', 'definitions.json', '--fix'])).toMatchObject({ code: 3 })
  })
})
