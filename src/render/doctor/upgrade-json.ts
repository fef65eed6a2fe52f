import type { UpgradeReport } from '../../operate/doctor/upgrade/upgrade-report.ts'
import { shownSource } from '../survey/survey-json.ts'

/** The version of the format of upgrade reports. */
const FORMAT = 1

/** An upgrade report for programs. */
export function upgradeJson({ source, ...report }: UpgradeReport): string {
  return `${JSON.stringify({ format: FORMAT, source: shownSource(source), ...report }, undefined, 2)}\n`
}
