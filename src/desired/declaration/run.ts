import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { Places } from '../source/places.ts'
import type { ReferenceResolver } from './references/reference-resolver.ts'

/** The state that the steps of a declaration share. */
export interface Run {
  readonly places: Places
  readonly references: ReferenceResolver
  /** Records a finding. The steps continue after a finding, so that all findings are reported together. */
  readonly report: (found: Finding) => void
}
