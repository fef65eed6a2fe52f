import type { Rule } from '../../rule.ts'

export const unknownToBroker: Rule = {
  id: 'unknown-to-broker',
  group: 'versions',
  severity: 'warning',
  meaning: 'No version of RabbitMQ knows a policy key, a parameter or an exchange type with this name.',
  remedy: 'Correct the name. If a plugin of your broker knows it, accept the finding.',
  adopts: ['policy-key-misspelt', 'component-unknown', 'parameter-key-unknown', 'exchange-type-misspelt'],
  // A broker has already accepted its own names, and the warnings about the files cover all others.
  check: () => [],
}
