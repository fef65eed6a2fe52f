import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from './client.ts'
import { ManagementError, UnreachableError } from './errors.ts'
import { reads } from './reads.ts'
import { notAnApi } from './transport-error.ts'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

const PAUSE = 500
/** A booting broker may refuse logins until its users are loaded, but a wrong password should be reported soon. */
const REFUSAL_PATIENCE = 5_000

/**
 * Waits until the broker answers with its version.
 *
 * @param patience how long to wait, in milliseconds; 0 tries only once
 * @throws the last error when the time is over
 */
export async function waitForBroker(client: ManagementClient, patience: number): Promise<void> {
  const start = Date.now()
  for (;;) {
    try {
      await reads.overview(client)
      return
    } catch (error) {
      const waited = Date.now() - start
      const limit = isRefusal(error) ? Math.min(patience, REFUSAL_PATIENCE) : patience
      if (!isBooting(error) || waited + PAUSE > limit) {
        throw explain(error, client)
      }
      await sleep(PAUSE)
    }
  }
}

/**
 * Explains the error of the first request. A status below 500 means that no management API answered, unless the login
 * was refused.
 */
function explain(error: unknown, { user, url }: ManagementClient): unknown {
  if (isRefusal(error)) return explainRefusal(error, user, url)
  return error instanceof ManagementError && error.status < 500
    ? notAnApi(url, `it answered ${error.status}: ${error.reason}`)
    : error
}

function isRefusal(error: unknown): error is ManagementError {
  return error instanceof ManagementError && error.isRefused()
}

function isBooting(error: unknown): boolean {
  return (
    error instanceof UnreachableError ||
    (error instanceof ManagementError && (error.status >= 500 || error.isRefused() || error.isNotFound()))
  )
}

/**
 * Says what to do if even the first request got 401, which the API answers both for a wrong login and for missing
 * permissions.
 */
function explainRefusal(error: ManagementError, user: string, url: string): WarrenError {
  const [what, hint] = error.reason.startsWith('Not ')
    ? [
        'may not use the management API',
        `it needs a tag: management is enough to plan, policymaker to apply a topology without users and virtual hosts, administrator for all: rabbitmqctl set_user_tags ${shellWord(user)} policymaker`,
      ]
    : ['was refused', 'check the user and the password (--user and --password-file, or the login in WARREN_URL)']
  return new WarrenError(`the login ${JSON.stringify(user)} ${what} at ${url}: ${error.reason}`, {
    code: 'ACCESS_REFUSED',
    hint,
    cause: error,
  })
}
