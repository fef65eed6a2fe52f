import { hashPassword, SALT_BYTES, SHA256_MODULE } from '../../../../model/secrets/password-hash.ts'
import type { Credential } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

export const guestUser: Rule = {
  id: 'guest-user',
  group: 'rights',
  severity: 'warning',
  meaning:
    'The user `guest` exists with the default password, which everyone knows. RabbitMQ lets it log in only from localhost, unless `loopback_users` is changed.',
  remedy: 'Delete `guest` on every broker that other machines can reach, and give each program its own user.',
  *check({ topology }) {
    const guest = topology.users.find(({ name }) => name === 'guest')
    if (guest === undefined || guest.external || hasOtherPassword(guest.credential)) return
    yield about(
      'user',
      guest,
      'user "guest" exists, whose password everyone knows',
      'delete it if other machines can reach the broker; RabbitMQ lets it log in from localhost only, unless loopback_users is changed',
    )
  },
}

/** Whether the password certainly differs from the default password. */
function hasOtherPassword(credential: Credential | undefined): boolean {
  if (credential?.kind === 'password') {
    const password = credential.secret?.reveal()
    return password !== undefined && password !== 'guest'
  }
  const hash = credential?.kind === 'hash' ? credential.hash?.reveal().replaceAll(/\s/g, '') : undefined
  if (hash === undefined || (credential?.algorithm ?? SHA256_MODULE) !== SHA256_MODULE) return false
  return hash !== hashPassword('guest', Buffer.from(hash, 'base64').subarray(0, SALT_BYTES))
}
