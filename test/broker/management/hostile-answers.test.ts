import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import type { ManagementConnection } from '../../../src/broker/management/connection.ts'
import { reads } from '../../../src/broker/management/reads.ts'
import { writes } from '../../../src/broker/management/writes.ts'
import { apply } from '../../../src/operations/change/apply.ts'
import { type Answer, fakeApi, SENT } from './fake-api.ts'

const SHOVEL = { 'src-uri': 'amqp://', 'src-queue': 'q', 'dest-uri': 'amqp://', 'dest-queue': 'q' }

/** The responses of a broker with one object of each kind to all reads of an apply. */
const ANSWERS = {
  '/api/overview': { rabbitmq_version: '4.3.6', cluster_name: 'rabbit@fake', exchange_types: [{ name: 'topic' }] },
  '/api/whoami': { name: 'me', tags: ['administrator'] },
  '/api/vhosts': [{ name: '/' }],
  '/api/vhost-limits': [{ vhost: '/', value: { 'max-queues': 100 } }],
  '/api/users': [{ name: 'me', password_hash: 'aGFzaA==', hashing_algorithm: 'sha', tags: ['administrator'] }],
  '/api/permissions': [{ user: 'me', vhost: '/', configure: '.*', write: '.*', read: '.*' }],
  '/api/topic-permissions': [{ user: 'me', vhost: '/', exchange: 'e', write: '.*', read: '.*' }],
  '/api/exchanges/%2F': [
    { name: 'e', vhost: '/', type: 'topic', durable: true, auto_delete: false, internal: false, arguments: {} },
  ],
  '/api/queues/%2F': [{ name: 'q', vhost: '/', type: 'classic', durable: true, auto_delete: false, arguments: {} }],
  '/api/bindings/%2F': [
    {
      vhost: '/',
      source: 'e',
      destination: 'q',
      destination_type: 'queue',
      routing_key: 'k',
      arguments: {},
      properties_key: 'k',
    },
  ],
  '/api/policies/%2F': [
    { vhost: '/', name: 'p', pattern: '^q', 'apply-to': 'queues', priority: 0, definition: { 'max-length': 5 } },
  ],
  '/api/operator-policies/%2F': [
    { vhost: '/', name: 'o', pattern: '^q', 'apply-to': 'queues', priority: 0, definition: { 'max-length': 9 } },
  ],
  '/api/parameters': [{ vhost: '/', component: 'shovel', name: 's', value: SHOVEL }],
  '/api/global-parameters': [{ name: 'g', value: 1 }],
  '/api/nodes': [{ enabled_plugins: ['rabbitmq_shovel'], applications: [{ name: 'rabbit' }] }],
  '/api/deprecated-features': [{ name: 'f', state: 'permitted' }],
} as const
type Path = keyof typeof ANSWERS
const PATHS = Object.keys(ANSWERS) as Path[]
const LISTS = PATHS.filter((path) => Array.isArray(ANSWERS[path]))
/** Lists in which every object has a name of its own. */
const OBJECTS = LISTS.filter((path) => path !== '/api/nodes')
/** One that is read first, one of the whole broker, one of a vhost, and the one with the records. */
const SOME: readonly Path[] = ['/api/overview', '/api/vhosts', '/api/queues/%2F', '/api/global-parameters']

const TOPOLOGY = `warren: 1
project: shop
vhost: /
exchanges: { e: { type: topic } }
queues: { new: { type: classic, messageTtl: 5s } }
users: { svc: { permissions: { read: "^q$" }, topicPermissions: { e: { read: "^k$" } }, passwordHash: aGFzaA== } }
policies: { p: { pattern: "^q", applyTo: queues, definition: { max-length: 5 } } }
globalParameters: { g: 1 }
shovels: { s: ${JSON.stringify(SHOVEL)} }
`
const LIMIT = 100_000
let folder: string
let bomb: Buffer
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-hostile-`)
  await writeFile(`${folder}/topology.yaml`, TOPOLOGY)
  bomb = await promisify(gzip)(Buffer.alloc(50_000_000, ' '))
})
afterAll(() => rm(folder, { recursive: true }))

/** Applies the topology to a server that gives the usual responses except for those of `answer`. */
async function applyTo(answer: Answer, more: Partial<ManagementConnection> = {}) {
  const api = await fakeApi((path, request, response) => answer(path, request, response) ?? ANSWERS[path as Path])
  const connection = { ...api.connection, maxResponse: LIMIT, ...more }
  const { user, password } = connection
  const amqp = { protocol: 'amqp', hostname: '127.0.0.1', port: 1, user, password } as const
  const outcome: unknown = await apply({ paths: [`${folder}/topology.yaml`], connection, amqp }).catch(
    (error: unknown) => error,
  )
  return { outcome, writes: api.writes() }
}

const json = (value: unknown) => (response: ServerResponse) => response.end(JSON.stringify(value))
const itemOf = (path: Path): object => [ANSWERS[path]].flat()[0] ?? {}
/** The usual answer, with its first object changed. */
const withItem = (path: Path, change: (item: object) => unknown) =>
  Array.isArray(ANSWERS[path]) ? [change(itemOf(path))] : change(itemOf(path))

/** Sends without end, until the client stops reading. */
function endless(response: ServerResponse): void {
  const more = (): void => {
    if (!response.destroyed) response.write(Buffer.alloc(16_384, '['), () => setImmediate(more))
  }
  more()
}

type Send = (response: ServerResponse, path: Path) => unknown

const HOSTILE: readonly (readonly [kind: string, paths: readonly Path[], send: Send, says: RegExp])[] = [
  [
    'a string in place of what was asked for',
    PATHS,
    (response) => json('ok')(response),
    /expected a (list|table), found a string/,
  ],
  [
    'a first property of another type',
    PATHS,
    (response, path) =>
      json(withItem(path, (item) => ({ ...item, [Object.keys(item)[0] ?? '']: { of: 'another type' } })))(response),
    /expected .* found a table/,
  ],
  ['a body that never ends', SOME, endless, /with more than 100,000 bytes/],
  [
    'a small body that is huge once it is unpacked',
    SOME,
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb.subarray(0, LIMIT - 1)),
    /encoded as "gzip"/,
  ],
  [
    'a redirect',
    SOME,
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /it answered 302 to GET/,
  ],
  ['204 in place of 200', SOME, (response) => response.writeHead(204).end(), /it answered 204 to GET/],
  [
    'a list with null',
    LISTS.slice(0, 4),
    (response) => json([null])(response),
    /expected a table in \[0\], found null/,
  ],
  [
    'an object that is listed twice',
    OBJECTS,
    (response, path) => json([itemOf(path), itemOf(path)])(response),
    /expected another object in \[1\], found the same object as in \[0\]/,
  ],
  [
    'a name with a unpaired surrogate',
    SOME,
    (response, path) => json(withItem(path, (item) => ({ ...item, name: 'a\uD800b' })))(response),
    /half a character/,
  ],
  [
    'a number beyond all limits',
    SOME,
    (response, path) =>
      response.end(
        JSON.stringify(withItem(path, (item) => ({ ...item, arguments: '1e400' }))).replace('"1e400"', '1e400'),
      ),
    /a number beyond all limits/,
  ],
  ['a page with 200', SOME, (response) => response.end('<html>Log in</html>'), /did not answer GET .* with JSON/],
  [
    'chunks without a length',
    SOME,
    (response) => response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n'),
    /its response is not well-formed HTTP$/,
  ],
]

describe('an apply to a server that looks like a management API', () => {
  it('would write if all responses came from a broker', async () => {
    const { writes: sent } = await applyTo(() => undefined)

    expect(sent).toContain('PUT /api/queues/%2F/new')
  })

  it.each(HOSTILE)(
    'ends with exit code 6 and writes nothing if the response is %s',
    async (_kind, paths, send, says) => {
      for (const path of paths) {
        const { outcome, writes: sent } = await applyTo((asked, _request, response) => {
          if (asked !== path) return undefined
          send(response, path)
          return SENT
        })

        expect([path, outcome]).toEqual([
          path,
          expect.objectContaining({ code: 'UNREACHABLE', message: expect.stringMatching(says) }),
        ])
        expect([path, sent]).toEqual([path, []])
      }
    },
  )
})

describe('every read of the management API', () => {
  const calls = Object.entries(reads).map(([name, read]) => {
    const call = read as (client: ManagementClient, ...names: readonly string[]) => Promise<unknown>
    return [name, (client: ManagementClient) => call(client, 'v', 'n')] as const
  })

  it.each(calls)('refuses an answer of the wrong type: %s', async (_name, call) => {
    const answers = [null, 1, true, 'text', [null], [1], ['text'], [[1]]].map(async (value) => {
      const api = await fakeApi((_path, _request, response) => response.end(JSON.stringify(value)))
      const client = new ManagementClient(api.connection)
      const error: unknown = await call(client).catch((thrown: unknown) => thrown)
      await client.close()

      expect([value, error]).toEqual([
        value,
        expect.objectContaining({ name: 'UnreachableError', code: 'UNREACHABLE' }),
      ])
    })
    await Promise.all(answers)
  })
})

describe('a write', () => {
  it.each([200, 202, 206])(
    'does not count as done if the response is %i, which RabbitMQ never sends',
    async (status) => {
      const api = await fakeApi((_path, _request, response) => response.writeHead(status).end('<html>Log in</html>'))
      const client = new ManagementClient(api.connection)

      await expect(writes.putGlobalParameter(client, 'g', 1)).rejects.toMatchObject({
        code: 'UNREACHABLE',
        message: expect.stringContaining(`it answered ${status} to PUT /api/global-parameters/g`),
      })
      await client.close()
    },
  )
})
