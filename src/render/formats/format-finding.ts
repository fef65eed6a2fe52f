import type { Finding } from '../../diagnostics/findings/finding.ts'
import { findingsText } from '../text/findings-text.ts'
import { type FormatOptions, styleOf } from './format-options.ts'

/** Options for rendering findings. */
export interface FindingFormatOptions extends FormatOptions {
  /** The texts of the files by their shown path; with them, findings show code frames. Default: none. */
  readonly sources?: ReadonlyMap<string, string>
}

/** Formats a finding: its position, sentence and code, the code frame, and how to fix it. */
export function formatFinding(finding: Finding, options: FindingFormatOptions = {}): string {
  return formatFindings([finding], options)
}

/** Formats findings in order of their positions, at most 1,000 of them, errors first. */
export function formatFindings(findings: readonly Finding[], options: FindingFormatOptions = {}): string {
  return findingsText(findings, options.sources ?? new Map(), styleOf(options))
}
