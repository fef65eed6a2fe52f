import { about, type Rule } from '../../rule.ts'

export const headersBindingComparesNestedNumbers: Rule = {
  id: 'headers-binding-compares-nested-numbers',
  group: 'versions',
  severity: 'warning',
  meaning:
    'A headers binding compares a list or a table that contains whole numbers. These match only numbers with the same AMQP width.',
  remedy: 'Compare a header that is itself a string or a number, not one inside a list or a table.',
  *check({ vhosts }) {
    for (const { topology, exchanges } of vhosts) {
      for (const binding of topology.bindings) {
        if (binding.external || exchanges.get(binding.source)?.type !== 'headers') continue
        const name = Object.entries(binding.arguments).find(
          ([, value]) => typeof value === 'object' && value !== null && containsInteger(value),
        )?.[0]
        if (name === undefined) continue
        yield about(
          'binding',
          binding,
          `the binding compares the header "${name}" with whole numbers inside a list or a table: the management API writes them as 64 bits, and most clients publish smaller ones, which do not match`,
          'put the number into a separate header',
        )
      }
    }
  },
}

function containsInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(containsInteger)
}
