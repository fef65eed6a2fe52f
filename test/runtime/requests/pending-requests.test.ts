import { describe, expect, it } from 'vitest'
import { isRequest } from '../../../src/model/routes.ts'
import { systemClock } from '../../../src/runtime/clock.ts'
import { PendingRequests } from '../../../src/runtime/requests/pending-requests.ts'
import { PublicationRoute } from '../../../src/runtime/publish/publication-route.ts'
import type { DeclaredRequest } from '../../../src/runtime/routes/declared-routes.ts'
import { messageProperties } from '../../../src/testing/handlers/delivered-message.ts'
import { publication } from '../routes.ts'

function declared(exchange = 'tasks'): DeclaredRequest {
  const request = publication({ name: 'quote', exchange, reply: { timeout: 5_000 } })
  if (!isRequest(request)) throw new Error('a request has a reply')
  return { request, route: new PublicationRoute(request, undefined), checkReply: undefined }
}

function reply(correlationId: string | undefined, text: string, headers: Record<string, unknown> = {}) {
  return { content: Buffer.from(text), properties: messageProperties({ correlationId, headers }) }
}

const codeOf = (waiting: Promise<unknown>) => waiting.catch((error: { code: string }) => error.code)

describe('pending requests', () => {
  it('are settled by the reply with their correlation id, once', async () => {
    const pending = new PendingRequests(systemClock)
    const first = pending.add(declared(), { timeout: 5_000 })
    const second = pending.add(declared(), { timeout: 5_000 })

    for (const id of [undefined, 'unknown']) pending.received(reply(id, '0'))
    pending.received(reply(second.correlationId, '2'))
    pending.received(reply(second.correlationId, '3'))
    pending.received(reply(first.correlationId, '1'))

    expect(await Promise.all([first.reply, second.reply])).toEqual([1, 2])
    expect(pending.size).toBe(0)
  })

  it('are lost with the channel of their exchange only once the broker has confirmed them', async () => {
    const pending = new PendingRequests(systemClock)
    const sent = pending.add(declared(), { timeout: 5_000 })
    const unsent = pending.add(declared(), { timeout: 5_000 })
    const elsewhere = pending.add(declared('events'), { timeout: 5_000 })
    for (const each of [sent, elsewhere]) each.sent()

    pending.lost(pending.of('tasks'), 'the connection was lost')

    expect(await codeOf(sent.reply)).toBe('REPLY_LOST')
    expect(pending.size).toBe(2)
    pending.received(reply(unsent.correlationId, '1'))
    unsent.fail(new Error('too late'))
    expect(await unsent.reply).toBe(1)
    pending.close()
    expect(await codeOf(elsewhere.reply)).toBe('REPLY_LOST')
  })

  it('reject with the reason of the responder, and with what is wrong with a reply', async () => {
    const pending = new PendingRequests(systemClock)
    const [failed, invalid, hostile] = [1, 2, 3].map(() => pending.add(declared(), { timeout: 5_000 }))

    pending.received(reply(failed?.correlationId, '', { 'reply-error': 'no price' }))
    pending.received(reply(invalid?.correlationId, '{'))
    pending.received(reply(hostile?.correlationId, '5', { 'reply-error': 7 }))

    await expect(failed?.reply).rejects.toMatchObject({
      code: 'REPLY_FAILED',
      request: 'quote',
      message: 'request "quote": the responder failed: no price',
    })
    await expect(invalid?.reply).rejects.toMatchObject({ code: 'REPLY_INVALID' })
    expect(await hostile?.reply).toBe(5)
  })

  it('do not begin with an aborted signal, and end with one that is aborted', async () => {
    const pending = new PendingRequests(systemClock)
    const controller = new AbortController()
    const waiting = pending.add(declared(), { timeout: 5_000, signal: controller.signal })
    const reason = new Error('the page was closed')
    controller.abort(reason)
    const late = pending.add(declared(), { timeout: 5_000, signal: controller.signal })

    await expect(waiting.reply).rejects.toMatchObject({ code: 'REPLY_CANCELLED', cause: reason })
    expect(await codeOf(late.reply)).toBe('REPLY_CANCELLED')
    expect(pending.size).toBe(0)
  })
})
