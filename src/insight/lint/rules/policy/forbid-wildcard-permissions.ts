import { matchesEverything } from '../../matches-everything.ts'
import { about, type Rule } from '../../rule.ts'

export const forbidWildcardPermissions: Rule = {
  id: 'forbid-wildcard-permissions',
  group: 'policy',
  severity: 'off',
  meaning: 'A permission matches every name, and the config forbids that for this user.',
  remedy: 'Grant `can`, or permissions for the names that the user needs.',
  *check({ topology }, { except }) {
    const excepted = new Set(Array.isArray(except) ? (except as readonly unknown[]) : [])
    for (const permission of topology.permissions) {
      if (permission.external || excepted.has(permission.user)) continue
      const rights = (['configure', 'write', 'read'] as const).filter((right) => matchesEverything(permission[right]))
      if (rights.length === 0) continue
      yield about(
        'permission',
        permission,
        `user "${permission.user}" may ${rights.join(', ')} everything in vhost "${permission.vhost}"`,
      )
    }
  },
}
