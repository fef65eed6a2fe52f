import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { assert, asyncProperty, constantFrom, property } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExitCode } from '../../../src/cli/exit-code.ts'
import { connect } from '../../../src/runtime/connect.ts'
import { logEvents } from '../../../src/runtime/events/log-events.ts'
import { RuntimeEmitter } from '../../../src/runtime/events/runtime-events.ts'
import { command } from '../../integration/support/command-in-process.ts'
import { secretsOfCase, type Secrets, shownIn, uriWith } from '../../integration/command-line/secret-places.ts'

// Covers the commands and the runtime without a broker. For those with a broker, see
// test/integration/command-line/secrets.test.ts.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-secrets-`)
})
afterAll(() => rm(folder, { recursive: true }))

const text = JSON.stringify

async function filesIn(inFolder: string): Promise<string> {
  const found = await readdir(inFolder, { recursive: true, withFileTypes: true })
  const files = found.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name), 'utf8'))
  return (await Promise.all(files)).join('\n')
}

/** @param withArguments whether arguments contain logins, which a compiled topology refuses */
function topologyOf(
  { literal, inUri, inArgument, inParameter }: Secrets,
  uri: (secret: string) => string,
  withArguments: boolean,
): string {
  const table = (value: string) => (withArguments ? text({ 'x-note': [uri(value)] }) : '{}')
  return `warren: 1
project: shop
exchanges:
  events: { type: topic, arguments: ${table(inArgument)} }
queues:
  work: { type: classic, arguments: ${table(inUri)}, bindings: [{ exchange: events, routingKey: k }], deadLetter: true }
globalParameters:
  up: { uris: [${text(uri(inParameter))}], password: ${text(literal)}, note: "\${file:file} \${file:part}" }
publications:
  send: { exchange: events, routingKey: k }
subscriptions:
  take: { queue: work }
users:
  a: { password: "\${env:A_SECRET}", can: { publish: [send], consume: [take] } }
  b: { password: ${text(literal)} }
`
}

/** The commands that need no broker, or do not reach one, with the exit code of each. */
const COMMANDS: readonly (readonly [args: readonly string[], code: number])[] = [
  [['types', 'topology.yaml'], 0],
  [['types', 'topology.yaml', '--out', 'out.txt'], 0],
  [['compile', 'topology.yaml'], 3],
  [['compile', 'compiled.yaml'], 0],
  [['compile', 'compiled.yaml', '--out', 'out.txt'], 0],
  [['compile', 'invalid.yaml'], 3],
  [['types', 'invalid.yaml'], 3],
  [['dlq', 'list', 'topology.yaml', '--retries', '0'], 6],
  [['dlq', 'peek', 'work', 'topology.yaml', '--body', '--retries', '0'], 6],
  [['dlq', 'replay', 'work', 'topology.yaml', '--auto-approve', '--retries', '0'], 6],
  [['dlq', 'purge', 'work', 'topology.yaml', '--confirm', 'work.dead', '--retries', '0'], 6],
  [['dlq', 'peek', 'work', 'invalid.yaml'], 3],
]

/** Definitions with secrets in all values that a broker stores. */
function definitionsOf({ file, literal, inUri, inArgument, inParameter }: Secrets, uri: (secret: string) => string) {
  const table = { 'x-note': uri(inArgument), token: literal }
  const named = { vhost: '/', durable: true, auto_delete: false }
  const hash = Buffer.from(`salt${file}`).toString('base64')
  return {
    rabbitmq_version: '3.10.8',
    users: [{ name: 'a', password_hash: hash, hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] }],
    vhosts: [{ name: '/' }],
    global_parameters: [{ name: 'own', value: { of: uri(inParameter) } }],
    parameters: [
      { vhost: '/', component: 'own', name: 'p', value: { uris: [uri(inParameter)], deep: { secret: literal } } },
    ],
    policies: [
      {
        vhost: '/',
        name: 'p',
        pattern: '',
        'apply-to': 'queues',
        priority: 0,
        definition: { 'x-hook': uri(inUri) },
      },
    ],
    exchanges: [{ ...named, name: 'events', type: 'topic', internal: false, arguments: table }],
    queues: ['work', 'mail'].map((name) => ({ ...named, name, arguments: table })),
    bindings: [
      {
        vhost: '/',
        source: 'events',
        destination: 'work',
        destination_type: 'queue',
        routing_key: 'k',
        arguments: table,
      },
    ],
  }
}

const FROM = ['--from', 'definitions.json'] as const
const reports = (...formats: readonly string[]) => formats.flatMap((each) => ['--report', `${each}=out/${each}`])

/** The commands that read definitions. */
const DEFINITIONS_COMMANDS: readonly (readonly string[])[] = [
  ['survey', ...FROM, '--unmanaged', ...reports('text', 'json', 'markdown')],
  ['lint', ...FROM, ...reports('text', 'json', 'markdown', 'github', 'sarif', 'junit', 'gitlab')],
  ['breaking', 'topology.yaml', '--against', 'definitions.json', ...reports('text', 'json', 'markdown', 'sarif')],
  ['plan', 'topology.yaml', '--against', 'definitions.json', ...reports('text', 'json', 'markdown', 'diff')],
  ['trace', ...FROM, '--queue', 'work'],
  ['trace', ...FROM, '--exchange', 'events', '--key', 'k', '--format', 'json'],
  ['export', ...FROM, '--out', 'out/export'],
  ['import', 'definitions', 'definitions.json', '--out', 'out/import', '--single-project', 'shop'],
]

describe('a random secret', () => {
  it('is in no output of types, compile and the dlq commands without a broker', async () => {
    await assert(
      asyncProperty(secretsOfCase, constantFrom(...uriWith), async (secrets, uri) => {
        const topology = topologyOf(secrets, uri, true)
        await writeFile(join(folder, 'topology.yaml'), topology)
        await writeFile(join(folder, 'compiled.yaml'), topologyOf(secrets, uri, false))
        await writeFile(join(folder, 'invalid.yaml'), `${topology}nonsense: { password: ${text(secrets.inUri)} }\n`)
        for (const name of ['file', 'part'] as const) await writeFile(join(folder, name), secrets[name])
        const url = `http://svc:${encodeURIComponent(secrets.login)}@127.0.0.1:1`
        for (const [args, code] of COMMANDS) {
          await writeFile(join(folder, 'out.txt'), '')
          const inFolder = args.map((each) => (/\.(yaml|txt)$/.test(each) ? join(folder, each) : each))
          const ended = await command(inFolder, { WARREN_URL: url, A_SECRET: secrets.environment })
          const written = ended.stdout + ended.stderr + (await readFile(join(folder, 'out.txt'), 'utf8'))

          expect([args, ended.code, ended.code === code ? '' : written]).toEqual([args, code, ''])
          expect([args, shownIn(written, secrets)]).toEqual([args, []])
        }
      }),
      { numRuns: 3, endOnFailure: true },
    )
  })

  it('is in no output of commands about definitions', async () => {
    // Markdown and addresses escape these characters, and URIs do not.
    const each = (at: number) => `q${at}aaaaaa~*ZBBBBB${at}`
    const escaped: Secrets = {
      file: each(0),
      part: each(1),
      environment: each(2),
      literal: each(3),
      inUri: each(4),
      inArgument: each(5),
      inParameter: each(6),
      login: each(7),
      duration: '54321s',
    }
    const [anyUri = String] = uriWith
    await assert(
      asyncProperty(secretsOfCase, constantFrom(...uriWith), async (secrets, uri) => {
        const out = join(folder, 'out')
        await writeFile(join(folder, 'topology.yaml'), topologyOf(secrets, uri, true))
        await writeFile(join(folder, 'definitions.json'), text(definitionsOf(secrets, uri)))
        for (const name of ['file', 'part'] as const) await writeFile(join(folder, name), secrets[name])
        for (const args of DEFINITIONS_COMMANDS) {
          await mkdir(out)
          const inFolder = args.map((each) =>
            each.replace(/^(?=out\/|topology|definitions\.)|(?<==)(?=out\/)/, `${folder}/`),
          )
          const ended = await command(inFolder, { A_SECRET: secrets.environment })
          const written = ended.stdout + ended.stderr + (await filesIn(out))
          await rm(out, { recursive: true })

          expect([args, ended.code]).not.toEqual([args, ExitCode.unexpected])
          expect([args, shownIn(written, secrets)]).toEqual([args, []])
        }
      }),
      { numRuns: 3, examples: [[escaped, anyUri]], endOnFailure: true },
    )
  })

  it('is in no error of connect(), however it is printed', async () => {
    const topology = { routes: { publications: [], subscriptions: [] } }
    await assert(
      asyncProperty(secretsOfCase, constantFrom(...uriWith), async (secrets, uri) => {
        const failing = {
          topology,
          url: 'amqp://127.0.0.1:1',
          vhost: '/',
          startTimeout: 1,
          credentials: () => Promise.reject(new Error(`the vault refuses ${uri(secrets.login)}`)),
        }
        for (const options of [{ topology, url: uri(secrets.inUri), startTimeout: 1 }, failing]) {
          const thrown: unknown = await connect(options).catch((error: unknown) => error)

          expect(thrown).toBeInstanceOf(Error)
          expect(shownIn(`${inspect(thrown)}${(thrown as Error).stack}${text(thrown)}`, secrets)).toEqual([])
        }
      }),
      { numRuns: 20, endOnFailure: true },
    )
  })

  it('is in no event of the runtime and no line of its log', () => {
    assert(
      property(secretsOfCase, (secrets) => {
        const { duration: _duration, ...texts } = secrets
        const events = new RuntimeEmitter()
        for (const secret of Object.values(texts)) events.secrets.add(secret)
        let written = ''
        const log = (facts: object, sentence: string) => void (written += text(facts) + sentence)
        logEvents(events, { info: log, warn: log, error: log })
        const about = { subscription: 's', queue: 'q', messageId: 'm', correlationId: undefined, attempt: 1 }
        const error = new Error(`no ${secrets.file}`, { cause: new Error(secrets.inUri) })
        events.emit('credentialsFailed', { role: 'publish', error })
        events.emit('connectionDown', { role: 'publish', reason: `no ${text(secrets.part)}` })
        events.emit('connectionBlocked', { role: 'publish', reason: encodeURIComponent(secrets.literal) })
        events.emit('held', { ...about, reason: 'error', error: secrets.login, because: error })
        events.emit('idempotencyFailed', {
          ...about,
          error: new Error(Buffer.from(secrets.environment).toString('base64')),
        })

        expect(written).toContain('(secret)')
        expect(shownIn(written, { ...secrets, duration: '99999s' })).toEqual([])
      }),
      { numRuns: 50, endOnFailure: true },
    )
  })
})
