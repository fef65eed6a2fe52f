import type { Login } from './broker.ts'

/** The broker answered, but not with its version; `status` is 401 when it refused the login. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly status: number

  constructor(status: number) {
    super(`the management API answered ${status}`)
    this.status = status
  }
}

/** How long one answer may take, in milliseconds. */
const PATIENCE = 10_000

/**
 * Asks a broker's management API for RabbitMQ's version.
 *
 * @throws {RefusedError} when it answers anything else
 */
export async function askVersion(managementUrl: string, { username, password }: Login): Promise<string> {
  const response = await fetch(`${managementUrl}/api/overview`, {
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    signal: AbortSignal.timeout(PATIENCE),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new RefusedError(response.status)
  }
  const overview = (await response.json()) as { rabbitmq_version?: unknown }
  return String(overview.rabbitmq_version)
}
