import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { assert, asyncProperty, constantFrom, property } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../../src/runtime/connect.ts'
import { logEvents } from '../../../src/runtime/events/log-events.ts'
import { RuntimeEmitter } from '../../../src/runtime/events/runtime-events.ts'
import { command } from '../../integration/support/command-in-process.ts'
import { secretsOfCase, type Secrets, shownIn, uriWith } from '../../integration/command-line/secret-places.ts'

// What the commands and the runtime do without a broker; with one, see test/integration/command-line/secrets.test.ts.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-secrets-`)
})
afterAll(() => rm(folder, { recursive: true }))

const text = JSON.stringify

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

/** The commands that need no broker, or do not reach one, with the code that each ends with. */
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

describe('a random secret', () => {
  it('is in nothing that types, compile and the dlq commands write without a broker', async () => {
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
