import { matchesEverything } from '../../matches-everything.ts'
import { about, type Rule } from '../../rule.ts'

export const wildcardPermission: Rule = {
  id: 'wildcard-permission',
  group: 'rights',
  severity: 'warning',
  meaning: 'A user who is not an administrator may create, delete or fill every queue and exchange of a vhost.',
  remedy: 'Grant `can` for the routes of the user, or permissions for the names that the user needs.',
  *check({ topology }) {
    const administrators = new Set(
      topology.users.flatMap(({ name, tags = [] }) => (tags.includes('administrator') ? [name] : [])),
    )
    const known = new Set(topology.users.map(({ name }) => name))
    for (const permission of topology.permissions) {
      const { user, external } = permission
      // If the user's tags are unknown, it may be an administrator.
      if (external || !known.has(user) || administrators.has(user)) continue
      const rights = (['configure', 'write'] as const).filter((right) => matchesEverything(permission[right]))
      if (rights.length === 0) continue
      yield about(
        'permission',
        permission,
        `user "${user}" may ${rights.join(' and ')} every queue and exchange of vhost "${permission.vhost}"`,
        'grant what the user needs, with can, or with expressions for the names that it uses',
      )
    }
  },
}
