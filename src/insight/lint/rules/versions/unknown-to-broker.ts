import type { Rule } from '../../rule.ts'

export const unknownToBroker: Rule = {
  id: 'unknown-to-broker',
  group: 'versions',
  severity: 'warning',
  meaning: 'No version of RabbitMQ knows a policy key, a parameter or an exchange type of this name.',
  remedy: 'Correct the name, or ignore the finding where a plugin of the broker knows it.',
  adopts: ['policy-key-misspelt', 'component-unknown', 'parameter-key-unknown', 'exchange-type-misspelt'],
  // The names of a broker have been accepted by it, and the warnings about the files are complete.
  check: () => [],
}
