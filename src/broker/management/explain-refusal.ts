import { ExitCode } from '../../diagnostics/exit-code.ts'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementError } from './errors.ts'

/**
 * Says what to do when even the first question was answered with 401, which is the API's answer to a wrong login and
 * to missing rights alike.
 */
export function explainRefusal(error: ManagementError, user: string, url: string): WarrenError {
  const [what, hint] = error.reason.startsWith('Not ')
    ? [
        'may not use the management API',
        `it needs a tag: management is enough to plan, policymaker to apply a topology without users and virtual hosts, administrator for all: rabbitmqctl set_user_tags ${shellWord(user)} policymaker`,
      ]
    : ['was refused', 'check the user and the password (--user and --password-file, or the login in WARREN_URL)']
  return new WarrenError(`the login ${JSON.stringify(user)} ${what} at ${url}: ${error.reason}`, {
    exitCode: ExitCode.unreachable,
    hint,
    cause: error,
  })
}
