import { Agent } from 'undici'

/**
 * The bare client: requests without retries, read-back or anything else.
 *
 * @typedef {object} Connection
 * @property {string} managementUrl
 * @property {string} amqpUrl
 * @property {string} username
 * @property {string} password
 *
 * @param {Connection} connection
 */
export function managementApi({ managementUrl, username, password }) {
  const agent = new Agent({ connections: 256, headersTimeout: 300_000, bodyTimeout: 300_000 })
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  /**
   * @param {import('undici').Dispatcher.HttpMethod} method
   * @param {string} path
   * @param {unknown} [body]
   */
  const request = async (method, path, body) => {
    const answer = await agent.request({
      origin: managementUrl,
      path,
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 400) throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`)
    return method === 'GET' ? JSON.parse(text) : undefined
  }
  return { request, close: () => agent.close() }
}

/**
 * Runs a task for each item, with a limit on concurrent tasks.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} limit
 * @param {(item: T) => Promise<unknown>} task
 */
export async function sideBySide(items, limit, task) {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) await task(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
