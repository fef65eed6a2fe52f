import { declarationFindings } from './declaration-findings.ts'
import { expandFindings } from './expand-findings.ts'
import { loadFindings } from './load-findings.ts'
import { sourceFindings } from './source-findings.ts'
import { verbFindings } from './verb-findings.ts'

/** Every kind of finding, by its code. One file per stage that makes them. */
export const catalogue = {
  ...sourceFindings,
  ...declarationFindings,
  ...expandFindings,
  ...loadFindings,
  ...verbFindings,
}
