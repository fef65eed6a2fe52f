import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { postWebhook } from '../../../../src/operate/drift/serve/post-webhook.ts'

/** A receiver that answers each request with a status, and the requests that it received. */
async function receiver(status: number) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

describe('postWebhook', () => {
  it('sends the login of the URL', async () => {
    const { host, requests } = await receiver(204)
    await postWebhook(`http://warren:p%40ss@${host}/hook?x=1`, '{}', { 'x-test': 'yes' })
    await postWebhook(`http://${host}/hook`, '{}', {})

    expect(requests.map(({ url, headers }) => [url, headers['x-test'], headers.authorization])).toEqual([
      ['/hook?x=1', 'yes', `Basic ${Buffer.from('warren:p@ss').toString('base64')}`],
      ['/hook', undefined, undefined],
    ])
  })

  it('names only the host of a receiver that does not accept it', async () => {
    const { host } = await receiver(500)

    await expect(postWebhook(`http://warren:secret@${host}/token`, '{}', {})).rejects.toThrow(
      new Error(`the webhook at ${host} answered 500`),
    )
  })
})
