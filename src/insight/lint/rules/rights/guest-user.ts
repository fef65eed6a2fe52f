import { about, type Rule } from '../../rule.ts'

export const guestUser: Rule = {
  id: 'guest-user',
  group: 'rights',
  severity: 'warning',
  meaning:
    'The user `guest` exists, whose password everyone knows; RabbitMQ lets it log in from localhost only, unless `loopback_users` is changed.',
  remedy: 'Delete `guest` on every broker that others reach, and give each program a user of its own.',
  *check({ topology }) {
    const guest = topology.users.find(({ name }) => name === 'guest')
    if (guest === undefined || guest.external) return
    yield about(
      'user',
      guest,
      'user "guest" exists, whose password everyone knows',
      'delete it where others reach the broker; RabbitMQ lets it log in from localhost only, unless loopback_users is changed',
    )
  },
}
