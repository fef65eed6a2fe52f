import type { Finding } from '../../diagnostics/findings/finding.ts'
import { findingsText } from '../text/findings-text.ts'
import { type FormatOptions, styleOf } from './format-options.ts'

/** How findings are rendered. */
export interface FindingFormatOptions extends FormatOptions {
  /** The texts of the files by their shown path: with them, a finding shows the lines that it is about. Default: none. */
  readonly sources?: ReadonlyMap<string, string>
}

/** Formats a finding: its place, sentence and code, the lines that it is about, and how to fix it. */
export function formatFinding(finding: Finding, options: FindingFormatOptions = {}): string {
  return formatFindings([finding], options)
}

/** Formats findings in order of their place, at most 1,000 of them, errors first. */
export function formatFindings(findings: readonly Finding[], options: FindingFormatOptions = {}): string {
  return findingsText(findings, options.sources ?? new Map(), styleOf(options))
}
