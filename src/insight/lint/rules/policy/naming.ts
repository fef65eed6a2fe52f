import { objectsOf, type Kind } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

/** The kinds of objects whose names a team chooses. */
const NAMED = ['exchange', 'queue', 'user', 'policy', 'vhost'] as const satisfies readonly Kind[]

export const naming: Rule = {
  id: 'naming',
  group: 'policy',
  severity: 'off',
  meaning: 'A name does not match the regular expression in the config for its kind of object.',
  remedy: 'Rename the object; `renamedFrom` keeps the messages of a queue.',
  *check({ topology }, options) {
    for (const kind of NAMED) {
      const pattern = options[kind]
      if (typeof pattern !== 'string') continue
      const expression = new RegExp(pattern, 'u')
      for (const object of objectsOf(kind, topology)) {
        const isDerived = 'role' in object || ('arguments' in object && object.name.endsWith('.failed'))
        const isGiven = object.external === true || isDerived || object.name.startsWith('amq.')
        if (isGiven || (kind === 'vhost' && !('claimed' in object && object.claimed))) continue
        if (expression.test(object.name)) continue
        yield about(kind, object as never, `the name of ${kind} "${object.name}" does not match ${pattern}`)
      }
    }
  },
}
