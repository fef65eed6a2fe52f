import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from './client.ts'
import { ManagementError, UnreachableError } from './errors.ts'
import { explainRefusal } from './explain-refusal.ts'
import { reads } from './reads.ts'
import { notAnApi } from './transport-error.ts'

const PAUSE = 500
/** A booting broker may refuse logins until its users are loaded; a wrong password should not wait for long. */
const REFUSAL_PATIENCE = 5_000

/**
 * Waits until the broker answers with its version.
 *
 * @param patience how long to wait, in milliseconds; 0 asks once
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

/** No broker answers its first question with another error of the client's than a refusal. */
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
