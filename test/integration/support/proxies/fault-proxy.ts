import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testBroker } from '../brokers/broker.ts'

/** Network faults between warren and the broker. They do not show whether a write was done. */
export const FAULTS = {
  'drops the request': 'not sent on, connection closed',
  'drops the answer': 'sent on, connection closed',
  'swallows the request': 'not sent on, never answered',
  'swallows the answer': 'sent on, never answered',
  'truncates the answer': 'sent on, half of the answer',
  'answers 500 itself': 'not sent on',
  'answers 500 instead': 'sent on',
} as const

export type Fault = keyof typeof FAULTS

/** The fault of a proxy for the n-th request, counted from 1. Undefined lets it through. */
export type Trouble = (
  count: number,
  request: { readonly method: string; readonly path: string },
) => Fault | undefined | Promise<Fault | undefined>

export interface FaultProxy extends AsyncDisposable {
  /** The URL that replaces the one of the management API, with the login of an administrator. */
  readonly url: string
  /** The number of requests so far. */
  readonly count: () => number
}

interface ProxyOptions {
  readonly rewrite?: (path: string) => string
  readonly onSwallowed?: () => void
}

/**
 * A proxy in front of the management API of the broker of the run.
 *
 * @param rewrite changes the path and query of a request. Default: no change
 * @param onSwallowed called when the broker has sent an answer that is swallowed, so the request is done
 */
export async function faultProxy(
  trouble: Trouble,
  { rewrite = (path) => path, onSwallowed }: ProxyOptions = {},
): Promise<FaultProxy> {
  const { managementUrl, username, password } = await testBroker()
  let count = 0
  const server = createServer((incoming, outgoing) => {
    count += 1
    const { method = '', url: path = '' } = incoming
    const serve = async (): Promise<void> => {
      const fault = await trouble(count, { method, path })
      incoming.url = rewrite(path)
      await pass(managementUrl, incoming, outgoing, fault)
      if (fault === 'swallows the answer') onSwallowed?.()
    }
    // A client that was killed, or gave up, gets no answer.
    serve().catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`
  return {
    url: `http://${login}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

async function pass(to: string, incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault | undefined) {
  const body = await bytesOf(incoming)
  const isSentOn = fault === undefined || FAULTS[fault].startsWith('sent on')
  const answer = isSentOn ? await ask(to, incoming, body) : trouble()
  switch (fault) {
    case undefined:
    case 'answers 500 itself':
      return send(outgoing, answer)
    case 'answers 500 instead':
      return send(outgoing, trouble())
    case 'drops the request':
    case 'drops the answer':
      return incoming.socket.destroy()
    case 'swallows the request':
    case 'swallows the answer':
      return
    case 'truncates the answer':
      return truncate(incoming, answer)
  }
}

/** With the text of a gateway. */
function trouble(): Answer {
  return { status: 500, headers: { 'content-type': 'text/html' }, body: Buffer.from('<h1>Trouble</h1>') }
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, headers).end(body)
}

/** Half of the bytes of an answer, whatever they are. */
function truncate({ socket }: IncomingMessage, { status, headers, body }: Answer): void {
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) })
  const head = `HTTP/1.1 ${status} Whatever\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  const bytes = Buffer.concat([Buffer.from(head), body])
  const half = body.length > 1 ? bytes.length - Math.ceil(body.length / 2) : Math.floor(bytes.length / 2)
  socket.end(bytes.subarray(0, half))
}

async function ask(to: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { host } = new URL(to)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${to}${url}`, { method, headers: { ...headers, host } }, resolve)
      .once('error', reject)
      .end(body)
  })
  const type = response.headers['content-type']
  return {
    status: response.statusCode ?? 0,
    headers: type === undefined ? {} : { 'content-type': type },
    body: await bytesOf(response),
  }
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
