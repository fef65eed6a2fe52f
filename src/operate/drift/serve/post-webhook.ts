import { Agent } from 'undici'
import { errorMessage } from '../../../diagnostics/thrown.ts'

/** How long a receiver may take, in milliseconds. */
const TIMEOUT = 10_000

/**
 * Sends a body to a webhook, with the login of its URL if there is one.
 *
 * @throws {Error} unless the receiver answers with a status from 200 to 299. The message names only the host, because the
 *   path of such a URL may be a secret
 */
export async function postWebhook(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { origin, pathname, search, host, username, password } = new URL(url)
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const where = `the webhook at ${host}`
  const agent = new Agent()
  let status: number
  try {
    const answer = await agent.request({
      origin,
      path: pathname + search,
      method: 'POST',
      body,
      headers: {
        ...headers,
        ...(login !== ':' && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      },
      signal: AbortSignal.timeout(TIMEOUT),
    })
    status = answer.statusCode
    await answer.body.dump()
  } catch (error) {
    throw new Error(`${where} does not answer: ${errorMessage(error)}`, { cause: error })
  } finally {
    // Not kept open: events are rare, and the next one may come in a month.
    await agent.close()
  }
  if (status < 200 || status > 299) throw new Error(`${where} answered ${status}`)
}
