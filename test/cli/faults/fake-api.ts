import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { recordName } from '../../../src/model/generated-names.ts'

/** The responses of RabbitMQ 4.3 with a small topology, by the path without its query. */
export const ANSWERS: Readonly<Record<string, unknown>> = {
  '/api/overview': {
    rabbitmq_version: '4.3.0',
    cluster_name: 'rabbit@fake',
    node: 'rabbit@fake',
    exchange_types: [{ name: 'direct' }, { name: 'topic' }, { name: 'fanout' }, { name: 'headers' }],
    is_op_policy_updating_enabled: true,
    // Nothing listens there, so that commands continue without AMQP.
    listeners: [{ protocol: 'amqp', port: 1 }],
  },
  '/api/whoami': { name: 'me', tags: ['administrator'] },
  '/api/vhosts': [
    { name: 'v', description: '', tags: [], default_queue_type: 'classic', protected_from_deletion: false },
  ],
  '/api/vhost-limits': [{ vhost: 'v', value: { 'max-queues': 100 } }],
  '/api/users': [
    { name: 'me', password_hash: 'aGFzaA==', hashing_algorithm: 'x', tags: ['administrator'], limits: {} },
  ],
  '/api/permissions': [{ user: 'me', vhost: 'v', configure: '.*', write: '.*', read: '.*' }],
  '/api/topic-permissions': [{ user: 'me', vhost: 'v', exchange: 'events', write: '.*', read: '.*' }],
  '/api/exchanges/v': [
    { name: 'events', vhost: 'v', type: 'topic', durable: true, auto_delete: false, internal: false, arguments: {} },
  ],
  '/api/queues/v': [
    {
      name: 'gone',
      vhost: 'v',
      type: 'classic',
      durable: true,
      auto_delete: false,
      exclusive: false,
      arguments: { 'x-queue-type': 'classic' },
      messages: 3,
      messages_ready: 3,
      messages_unacknowledged: 0,
      state: 'running',
    },
  ],
  '/api/bindings/v': [
    {
      vhost: 'v',
      source: 'events',
      destination: 'gone',
      destination_type: 'queue',
      routing_key: 'k',
      arguments: {},
      properties_key: 'k',
    },
  ],
  '/api/policies/v': [
    { vhost: 'v', name: 'p', pattern: '^x', 'apply-to': 'queues', priority: 0, definition: { 'max-length': 5 } },
  ],
  '/api/operator-policies/v': [
    { vhost: 'v', name: 'o', pattern: '^x', 'apply-to': 'queues', priority: 0, definition: { 'max-length': 5 } },
  ],
  '/api/parameters': [{ vhost: 'v', component: 'shovel', name: 's', value: { 'src-uri': 'amqp://' } }],
  '/api/global-parameters': [
    { name: 'g', value: { a: 1 } },
    {
      name: recordName({ project: 'shop', vhost: 'v' }),
      value: {
        format: 1,
        project: 'shop',
        vhost: 'v',
        owned: ['queue:v/gone'],
        adopted: [],
        intended: [],
        protected: [],
      },
    },
  ],
  '/api/nodes': [{ name: 'rabbit@fake', enabled_plugins: ['rabbitmq_shovel'], applications: [{ name: 'rabbit' }] }],
  '/api/deprecated-features': [{ name: 'transient_nonexcl_queues', state: 'denied' }],
}

/** A management API without a broker, with responses that no broker would send. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string
  /** The paths that were read since the last call, without their queries. */
  readonly takeRead: () => string[]
  /** Changes the response to reads of a path, after this many more correct ones. */
  readonly answerWith: (path: string, answer: unknown, after?: number) => void
}

export async function fakeApi(): Promise<FakeApi> {
  let changed: { readonly path: string; readonly answer: unknown; after: number } | undefined
  let read: string[] = []
  const server = createServer(({ url = '', method }, response) => {
    const path = url.replace(/\?.*$/, '')
    if (method !== 'GET') {
      response.writeHead(method === 'PUT' ? 201 : 204).end()
      return
    }
    read.push(path)
    const isChanged = changed?.path === path && (changed.after -= 1) < 0
    const answer = isChanged ? changed?.answer : ANSWERS[path]
    if (answer === undefined) response.writeHead(404).end('{"error":"Object Not Found","reason":"Not Found"}')
    else response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://me:secret-of-me@127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRead: () => {
      const taken = [...new Set(read)]
      read = []
      return taken
    },
    answerWith: (path, answer, after = 0) => {
      changed = { path, answer, after }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Responses with another type than the correct one, as a whole or in each entry of a list. */
export function wrongWholes(right: unknown): unknown[] {
  return Array.isArray(right) ? ['text', { 0: right[0] as unknown }, [null]] : [7, [right], {}]
}

/** Responses in which one field has another type than the correct one, in a table or in the first entry of a list. */
export function wrongFields(right: unknown): { readonly field: string; readonly answer: unknown }[] {
  const table = (Array.isArray(right) ? right[0] : right) as Readonly<Record<string, unknown>>
  return Object.entries(table).map(([field, value]) => {
    const wrong = { ...table, [field]: typeof value === 'object' ? 7 : { a: [null] } }
    return { field, answer: Array.isArray(right) ? [wrong] : wrong }
  })
}
