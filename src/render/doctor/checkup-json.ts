import type { Checkup } from '../../operate/doctor/checkup.ts'
import { shownSource } from '../survey/survey-json.ts'

/** The version of the format of checkups. */
const FORMAT = 1

/** A checkup for programs. */
export function checkupJson({ source, ...checkup }: Checkup): string {
  return `${JSON.stringify({ format: FORMAT, source: shownSource(source), ...checkup }, undefined, 2)}\n`
}
