import { ERROR_EXPLANATIONS } from '../../diagnostics/explanations/error-explanations.ts'
import type { ExplanationText } from '../../diagnostics/explanations/explanation.ts'
import { FINDING_EXPLANATIONS } from '../../diagnostics/explanations/finding-explanations.ts'
import { WARNING_EXPLANATIONS } from '../../diagnostics/explanations/warning-explanations.ts'
import { BLOCK_EXPLANATIONS } from '../blocks/block-explanations.ts'
import { NOTE_EXPLANATIONS, OWN_REMARK_EXPLANATIONS } from './remark-explanations.ts'

const GROUPS = [...ERROR_EXPLANATIONS, ...FINDING_EXPLANATIONS, ...WARNING_EXPLANATIONS]

const BY_CODE: Readonly<Record<string, ExplanationText>> = Object.assign(
  {},
  OWN_REMARK_EXPLANATIONS,
  NOTE_EXPLANATIONS,
  BLOCK_EXPLANATIONS,
  ...GROUPS.map(({ codes }) => codes),
) as Record<string, ExplanationText>

/** The meaning of the code of a remark, and what to do about it; undefined for a code that warren does not explain. */
export function meaningOfCode(code: string): ExplanationText | undefined {
  return Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined
}
