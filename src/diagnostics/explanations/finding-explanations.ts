import type { ExplanationGroup } from './explanation.ts'
import { FILE_FINDINGS } from './file-findings.ts'
import { FAILURE_FINDINGS } from './failure-findings.ts'
import { ROUTE_FINDINGS } from './route-findings.ts'
import { SHAPE_FINDINGS } from './shape-findings.ts'
import { VALUE_FINDINGS } from './value-findings.ts'
import { WORKSPACE_FINDINGS } from './workspace-findings.ts'

/** The explanations of all findings, in the order of docs/reference/errors.md. */
export const FINDING_EXPLANATIONS: readonly ExplanationGroup[] = [
  ...WORKSPACE_FINDINGS,
  ...FILE_FINDINGS,
  ...SHAPE_FINDINGS,
  ...VALUE_FINDINGS,
  ...FAILURE_FINDINGS,
  ...ROUTE_FINDINGS,
]
