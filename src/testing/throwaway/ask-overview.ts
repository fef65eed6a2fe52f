import type { Login } from './broker.ts'

/** The management API's overview of the broker. */
export interface Overview {
  readonly rabbitmq_version: string
  /** The ports that the broker currently listens on. */
  readonly listeners: readonly { readonly protocol: string }[]
}

/** The broker answered, but not with its overview; `status` is 401 if it refused the login. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code = 'ACCESS_REFUSED'
  readonly status: number

  constructor(status: number) {
    super(`the management API answered ${status}`)
    this.status = status
  }
}

/** How long one answer may take, in milliseconds. */
const PATIENCE = 10_000

/** @throws {RefusedError} when the management API answers anything else */
export async function askOverview(managementUrl: string, { username, password }: Login): Promise<Overview> {
  const response = await fetch(`${managementUrl}/api/overview`, {
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    signal: AbortSignal.timeout(PATIENCE),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new RefusedError(response.status)
  }
  const overview: unknown = await response.json()
  if (isOverview(overview)) return overview
  throw new Error('it does not answer like a management API')
}

function isOverview(value: unknown): value is Overview {
  if (typeof value !== 'object' || value === null || !('rabbitmq_version' in value && 'listeners' in value))
    return false
  const { rabbitmq_version: version, listeners } = value
  return typeof version === 'string' && Array.isArray(listeners) && listeners.every((each) => Boolean(each))
}
