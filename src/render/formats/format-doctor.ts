import type { Checkup } from '../../operate/doctor/checkup.ts'
import type { UpgradeReport } from '../../operate/doctor/upgrade/upgrade-report.ts'
import { checkupJson } from '../doctor/checkup-json.ts'
import { checkupJunit } from '../doctor/checkup-junit.ts'
import { checkupMarkdown } from '../doctor/checkup-markdown.ts'
import { checkupText } from '../doctor/checkup-text.ts'
import { upgradeJson } from '../doctor/upgrade-json.ts'
import { upgradeMarkdown } from '../doctor/upgrade-markdown.ts'
import { upgradeText } from '../doctor/upgrade-text.ts'
import { styleOf } from './format-options.ts'

export interface CheckupFormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json' | 'markdown' | 'junit'
  /** Whether text is colored. Default false. */
  readonly color?: boolean
}

/** Formats the result of `doctor`. */
export function formatCheckup(checkup: Checkup, options: CheckupFormatOptions = {}): string {
  switch (options.format ?? 'text') {
    case 'json':
      return checkupJson(checkup)
    case 'markdown':
      return checkupMarkdown(checkup)
    case 'junit':
      return checkupJunit(checkup)
    case 'text':
      return checkupText(checkup, styleOf(options))
  }
}

export interface UpgradeFormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json' | 'markdown'
  /** Whether text is colored. Default false. */
  readonly color?: boolean
}

/** Formats the result of `checkUpgrade`. */
export function formatUpgrade(report: UpgradeReport, options: UpgradeFormatOptions = {}): string {
  switch (options.format ?? 'text') {
    case 'json':
      return upgradeJson(report)
    case 'markdown':
      return upgradeMarkdown(report)
    case 'text':
      return upgradeText(report, styleOf(options))
  }
}
