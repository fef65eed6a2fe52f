import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { Places } from '../source/places.ts'
import type { ReferenceResolver } from './references/reference-resolver.ts'

/** What the steps of declaring share. */
export interface Run {
  readonly places: Places
  readonly references: ReferenceResolver
  /** Takes a finding; the steps go on, so that all are told at once. */
  readonly report: (found: Finding) => void
}
