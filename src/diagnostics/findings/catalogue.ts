import { declarationFindings } from './declaration-findings.ts'
import { expandFindings } from './expand-findings.ts'
import { expandWarnings } from './expand-warnings.ts'
import { failureFindings } from './failure-findings.ts'
import { policyFindings } from './policy-findings.ts'
import { routeFindings } from './route-findings.ts'
import { shapeFindings } from './shape-findings.ts'
import { sourceFindings } from './source-findings.ts'
import { operationFindings } from './operation-findings.ts'
import { testFindings } from './test-findings.ts'
import { workspaceFindings } from './workspace-findings.ts'

/** All kinds of findings by code, grouped by stage. */
export const catalogue = {
  ...sourceFindings,
  ...declarationFindings,
  ...shapeFindings,
  ...expandFindings,
  ...routeFindings,
  ...failureFindings,
  ...expandWarnings,
  ...policyFindings,
  ...operationFindings,
  ...workspaceFindings,
  ...testFindings,
}
