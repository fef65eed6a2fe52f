import type { DeadLetterList, PeekReport, PurgeReport, ReplayReport } from '../../operate/dead-letters/reports.ts'
import { deadLettersJson, peekJson } from '../json/dead-letters-json.ts'
import { deadLetterListText, peekText, purgeText, replayText } from '../text/dead-letters-text.ts'
import { type ResultFormatOptions, styleOf } from './format-options.ts'

/** Formats the result of `listDeadLetters`. */
export function formatDeadLetterList(list: DeadLetterList, options: ResultFormatOptions = {}): string {
  if (options.format === 'json') return deadLettersJson(withoutFiles(list))
  return deadLetterListText(list, styleOf(options))
}

/** Formats the result of `peekDeadLetters`. In JSON, a body is text if it is UTF-8, and base64 otherwise. */
export function formatPeekReport(report: PeekReport, options: ResultFormatOptions = {}): string {
  return options.format === 'json' ? peekJson(withoutFiles(report)) : peekText(report, styleOf(options))
}

/** Formats the result of `replayDeadLetters`. */
export function formatReplayReport(report: ReplayReport, options: ResultFormatOptions = {}): string {
  return options.format === 'json' ? deadLettersJson(withoutFiles(report)) : replayText(report, styleOf(options))
}

/** Formats the result of `purgeDeadLetters`. */
export function formatPurgeReport(report: PurgeReport, options: ResultFormatOptions = {}): string {
  return options.format === 'json' ? deadLettersJson(withoutFiles(report)) : purgeText(report, styleOf(options))
}

/** Findings are printed next to a result, and are not part of it. */
function withoutFiles<R extends object>(result: R): R {
  const { findings: _findings, sources: _sources, ...rest } = result as R & Record<'findings' | 'sources', unknown>
  return rest as unknown as R
}
