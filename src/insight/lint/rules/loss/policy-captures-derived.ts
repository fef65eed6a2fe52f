import type { Rule } from '../../rule.ts'

export const policyCapturesDerived: Rule = {
  id: 'policy-captures-derived',
  group: 'loss',
  severity: 'warning',
  meaning: 'A policy also applies to a queue or an exchange that `retry`, `deadLetter` or `superStreams` derives.',
  remedy: 'Exclude the derived names from the pattern of the policy.',
  adopts: ['policy-changes-derived', 'policy-may-change-derived', 'displaced-policy-uncertain'],
  // Only declarations show which objects are derived, and the warnings about the files already cover them all.
  check: () => [],
}
