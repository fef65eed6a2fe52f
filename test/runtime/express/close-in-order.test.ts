import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { closeInOrder } from '../../../src/runtime/express/index.ts'
import type { CloseInOrderOptions } from '../../../src/runtime/express/index.ts'
import type { Closed } from '../../../src/runtime/index.ts'

const CLOSED: Closed = { finished: 0, requeued: 0, aborted: 0, unconfirmed: 0 }

/** A server whose request waits for an answer, and a runtime that records its calls. */
async function program(options: CloseInOrderOptions = {}) {
  const happened: string[] = []
  let resolve: (closed: Closed) => void = () => undefined
  const closed = new Promise<Closed>((done) => (resolve = done))
  let stops: () => void = () => undefined
  const stopping = new Promise<void>((done) => (stops = done))
  const runtime = {
    closed,
    stopConsuming: async () => {
      happened.push('stop consuming')
      stops()
      return CLOSED
    },
    close: async () => {
      happened.push('close')
      resolve(CLOSED)
      return CLOSED
    },
  }
  const responses: ServerResponse[] = []
  // Without a limit, a connection that is kept open delays the end forever.
  const server = createServer({ keepAliveTimeout: 0 }, (_, response) => void responses.push(response))
  const stop = closeInOrder(server, runtime, { signals: ['SIGUSR2'], logger: false, ...options })
  onTestFinished(stop)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const sent = request({ port, host: '127.0.0.1', agent })
  const answer = once(sent, 'response').then(([response]) => response as IncomingMessage)
  answer.catch(() => undefined)
  sent.end()
  await once(server, 'request')
  return { happened, closed, stopping, responses, answer, server, signal: () => process.emit('SIGUSR2') }
}

describe('closeInOrder', () => {
  it('stops consuming, lets a request end, calls `before`, and then closes the runtime', async () => {
    const { happened, closed, stopping, responses, answer, server, signal } = await program({
      before: () => void happened.push('before'),
    })
    signal()
    await stopping
    expect([server.listening, happened]).toEqual([false, ['stop consuming']])

    happened.push('answer')
    responses[0]?.end('done')
    const response = await answer
    response.resume()
    await closed

    expect(happened).toEqual(['stop consuming', 'answer', 'before', 'close'])
    // The client keeps its connections open, but this one would delay the end.
    expect(response.headers.connection).toBe('close')
  })

  it('closes a kept connection after a response whose head was sent before the signal', async () => {
    const { closed, stopping, responses, answer, signal } = await program({ deadline: 600_000 })
    responses[0]?.write('first')
    const response = await answer
    response.resume()
    expect(response.headers.connection).toBe('keep-alive')
    signal()
    await stopping
    responses[0]?.end('last')

    await closed
  })

  it('cuts off a request that does not end before the deadline', async () => {
    const { happened, closed, answer, signal } = await program({ deadline: 50 })
    signal()

    await closed
    expect(happened).toEqual(['stop consuming', 'close'])
    await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})
