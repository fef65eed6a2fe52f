import { ExitCode } from '../diagnostics/exit-code.ts'
import { shellWord } from '../diagnostics/shell-word.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { grantAllRights } from '../management/grant-all-rights.ts'
import type { Live } from '../live/live.ts'
import { isAdministrator } from '../live/read-live.ts'
import type { Topology } from '../model/topology.ts'
import type { Plan } from '../plan/plan.ts'
import { type Subject, subjectOf } from '../plan/subject.ts'

/**
 * Finds what the login may not read, before a plan is made from half a picture.
 *
 * @throws {WarrenError} naming what is missing and the command that grants it
 */
export function checkReadingRights(live: Live, desired: Topology): void {
  if (isAdministrator(live.login)) return
  if (desired.users.length + desired.permissions.length + desired.topicPermissions.length > 0) {
    throw lacking(
      live,
      'the files declare users, which only an administrator may read',
      `give it the tag with: rabbitmqctl set_user_tags ${shellWord(live.login.user)} administrator`,
    )
  }
  if (!live.parametersReadable && desired.parameters.length + desired.globalParameters.length > 0) {
    throw lacking(
      live,
      'the files declare parameters, which only a policymaker may read',
      `give it the tag with: rabbitmqctl set_user_tags ${shellWord(live.login.user)} policymaker`,
    )
  }
  const visible = new Set(live.topology.vhosts.map(({ name }) => name))
  const hidden = desired.vhosts.find(({ name }) => !visible.has(name))
  if (hidden) {
    throw lacking(
      live,
      `vhost ${JSON.stringify(hidden.name)} is not there, or the login has no rights in it`,
      `an administrator makes and grants it with: rabbitmqctl add_vhost ${shellWord(hidden.name)} && ${grantAllRights(hidden.name, live.login.user)}`,
    )
  }
}

/**
 * Finds what the login may not write, before the first write. Only an administrator may read permissions; what
 * another login lacks shows when the broker refuses a write.
 *
 * @throws {WarrenError} naming what is missing and the command that grants it
 */
export function checkWritingRights(live: Live, plan: Plan): void {
  const { user } = live.login
  if (!isAdministrator(live.login)) {
    const vhost = plan.changes.find(({ kind }) => kind === 'vhost')
    if (vhost) {
      throw lacking(
        live,
        `${vhost.address} would change, which only an administrator may do`,
        `give it the tag with: rabbitmqctl set_user_tags ${shellWord(user)} administrator`,
      )
    }
    return
  }
  const made = new Set(
    plan.changes.flatMap((change) =>
      change.kind === 'vhost' && change.action === 'create' ? [change.after.name] : [],
    ),
  )
  for (const change of plan.changes) {
    const subject = subjectOf(change)
    if (subject.kind !== 'exchange' && subject.kind !== 'queue' && subject.kind !== 'binding') continue
    const { vhost } = subject.object
    // The broker gives whoever makes a vhost all rights in it (rabbit_vhost, maybe_grant_full_permissions).
    if (made.has(vhost)) continue
    const right = missingRight(live, subject)
    if (right === undefined) continue
    throw lacking(
      live,
      `in vhost ${JSON.stringify(vhost)} it has no right to ${right}; the administrator tag does not give it`,
      `grant it with: ${grantAllRights(vhost, user)}`,
    )
  }
}

type GuardedSubject = Extract<Subject, { kind: 'exchange' | 'queue' | 'binding' }>

/** The first right that a change needs and the login does not have (RabbitMQ docs, Access Control). */
function missingRight(live: Live, { kind, object }: GuardedSubject): string | undefined {
  const row = live.topology.permissions.find((each) => each.vhost === object.vhost && each.user === live.login.user)
  const needs: readonly (readonly ['configure' | 'write' | 'read', string])[] =
    kind === 'binding'
      ? [
          ['write', object.destination],
          ['read', object.source],
        ]
      : [['configure', object.name]]
  const lack = needs.find(([right, name]) => !allows(row?.[right] ?? '', name))
  return lack && `${lack[0]} ${JSON.stringify(lack[1])}`
}

/** Whether a permission lets a name through. What JavaScript cannot evaluate is left for the broker to decide. */
function allows(expression: string, name: string): boolean {
  if (expression === '') return false
  try {
    return new RegExp(expression).test(name)
  } catch {
    return true
  }
}

function lacking(live: Live, what: string, hint: string): WarrenError {
  return new WarrenError(`the login ${JSON.stringify(live.login.user)} lacks rights: ${what}`, {
    exitCode: ExitCode.unreachable,
    hint,
  })
}
