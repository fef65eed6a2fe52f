import type { Check } from '../../check.ts'
import type { CheckContext } from '../../check-context.ts'
import { connectionsIn } from '../../clients.ts'
import { countOf } from '../../../../diagnostics/text/count-of.ts'

export const loginRights: Check = {
  id: 'login-rights',
  title: 'logins have no more rights than they need',
  needs: ['connections'],
  *check(context) {
    const { user, tags } = context.snapshot.live.login
    if (tags.includes('administrator') && !needsAdministrator(context)) {
      yield {
        severity: 'notice',
        subject: user,
        message:
          context.desired === undefined
            ? 'warren is logged in as an administrator, and this command only reads'
            : 'warren is logged in as an administrator, and the files declare neither users nor vhosts',
        numbers: {},
        advice: 'use a login with the tags monitoring and policymaker (docs/how-to/health-check.md)',
      }
    }
    const administrators = new Set(
      context.snapshot.live.topology.users.flatMap(({ name, tags: own = [] }) =>
        own.includes('administrator') ? [name] : [],
      ),
    )
    const counts = new Map<string, number>()
    for (const { user: name, isNetwork } of connectionsIn(context)) {
      if (name !== undefined && isNetwork && administrators.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    for (const [subject, connections] of counts) {
      yield {
        severity: 'notice',
        subject,
        message: `${countOf(connections, 'AMQP connection')} of a user with the tag administrator, which programs do not need`,
        numbers: { connections },
        advice: `remove the tag, or give the program a user of its own`,
      }
    }
  },
}

/** Only an administrator may write users, their permissions, vhosts and limits. */
function needsAdministrator({ desired }: CheckContext): boolean {
  if (desired === undefined) return false
  const { users, permissions, topicPermissions, vhosts } = desired.topology
  return users.length + permissions.length + topicPermissions.length > 0 || vhosts.some(({ claimed }) => claimed)
}
