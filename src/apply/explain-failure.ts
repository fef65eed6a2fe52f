import { errorCodeOf } from '../diagnostics/error-code.ts'
import { errorMessage } from '../diagnostics/thrown.ts'
import { shellWord } from '../diagnostics/text/shell-word.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { ManagementError, UnreachableError } from '../broker/management/errors.ts'
import { containsCredentials } from '../model/secrets/mask-credentials.ts'
import { containsSecret } from '../model/secrets/mask-data.ts'
import { SecretRegistry } from '../model/secrets/secret-registry.ts'
import { grantsFor } from '../plan/guards/missing-rights.ts'
import type { Change } from '../plan/change.ts'
import { rightsOfChange } from '../plan/guards/required-rights.ts'
import { subjectOf } from '../plan/steps/subject.ts'
import { PartialChangeError } from './partial-change-error.ts'
import type { Outcome } from './report.ts'

type Failure = Omit<Extract<Outcome, { status: 'failed' }>, 'address' | 'action' | 'status'>

/**
 * Explains why a change failed, in the broker's own words if possible, and what to do.
 *
 * @param secrets the secrets of the run
 */
export function explainFailure(error: unknown, change: Change, user: string, secrets = new SecretRegistry()): Failure {
  // A move has many steps, some of which may be done.
  const isMove = change.action === 'rename' || (change.action === 'replace' && change.how === 'migrate')
  if (error instanceof PartialChangeError) {
    const { reason, ...rest } = explainFailure(error.cause, change, user, secrets)
    return { ...rest, reason: `${reason}${toldMissing(error)}`, maybeDone: true }
  }
  if (error instanceof ManagementError) {
    const refused = error.isRefused()
    return {
      code: error.code,
      reason: `${error.status} ${reasonToShow(error, change, secrets)}`,
      refused,
      ...(refused && { hint: howToGrant(user, change, error.reason) }),
      // A proxy may send such a response although the broker completed the request.
      ...((error.status >= 500 || isMove) && { maybeDone: true }),
    }
  }
  const reason = errorMessage(error)
  const hint = error instanceof WarrenError ? error.hint : undefined
  const code = errorCodeOf(error)
  if (error instanceof UnreachableError) return { code, reason, maybeDone: true }
  return { code, reason, ...(hint !== undefined && { hint }), ...(isMove && { maybeDone: true }) }
}

/** Names an undeclared object, because the person who created it has to recreate it. */
function toldMissing({ missing }: PartialChangeError): string {
  return missing.length === 0 ? '' : `; this may be missing now: ${missing.join(', ')}`
}

/**
 * Returns the broker's reason, unless it refused a secret value, because the reason may contain that value in an
 * unforeseen form.
 */
function reasonToShow({ status, reason }: ManagementError, change: Change, secrets: SecretRegistry): string {
  return status === 400 && holdsAnySecret(change, secrets)
    ? "the broker's reason is not shown, because the refused value contains a secret"
    : reason
}

function holdsAnySecret(change: Change, secrets: SecretRegistry): boolean {
  const { kind, object } = subjectOf(change)
  if (kind === 'user' && object.credential !== undefined) return true
  const { origin: _origin, ...values } = object
  return containsCredentials(values) || containsSecret(values, secrets)
}

/** The API answers 401 both for an unnamed missing permission and for an unknown login. */
function howToGrant(user: string, change: Change, reason: string): string {
  if (/login failed/i.test(reason)) return 'the broker no longer knows the user or its password'
  if (/^not management user/i.test(reason)) {
    return `it no longer has a tag: rabbitmqctl set_user_tags ${shellWord(user)} administrator`
  }
  // The API answers 400 if the login may not enter the virtual host, and granting a right here would replace its
  // existing rights.
  const rights = rightsOfChange(change)
    .filter(({ kind }) => kind !== 'vhost')
    .map((right) => ({ right, addresses: [change.address] }))
  const [grant, ...more] = grantsFor(rights, { user, tags: [] })
  if (grant === undefined) return `see which rights the login has: rabbitmqctl list_user_permissions ${shellWord(user)}`
  // The API does not name the missing right, and only an administrator may read the rights of the login.
  const present = rights.some(({ right }) => right.kind === 'resource')
    ? `, and replace the words in capitals by what "rabbitmqctl list_user_permissions ${shellWord(user)}" shows`
    : ''
  return `grant it with: ${[grant, ...more].join(' && ')}${present}`
}
