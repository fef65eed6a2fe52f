import { isBuiltInExchange } from '../../../../model/built-in-exchange.ts'
import { about, type Rule } from '../../rule.ts'

export const allowedPrefixes: Rule = {
  id: 'allowed-prefixes',
  group: 'policy',
  severity: 'off',
  meaning: 'A project declares a queue or an exchange whose name does not begin with one of its prefixes.',
  remedy: 'Rename it, or add the prefix to the project in the config.',
  *check({ topology, project }, { projects }) {
    const byProject = (projects ?? {}) as Readonly<Record<string, readonly string[] | undefined>>
    const prefixes = project === undefined ? undefined : byProject[project]
    if (prefixes === undefined) return
    for (const kind of ['exchange', 'queue'] as const) {
      for (const object of kind === 'queue' ? topology.queues : topology.exchanges) {
        if (object.external || isBuiltInExchange(object.name)) continue
        if (prefixes.some((prefix) => object.name.startsWith(prefix))) continue
        yield about(
          kind,
          object as never,
          `the name of ${kind} "${object.name}" begins with none of the prefixes of project "${project}": ${prefixes.join(', ')}`,
        )
      }
    }
  },
}
