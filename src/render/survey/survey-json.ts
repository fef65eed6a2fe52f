import type { SnapshotSource } from '../../broker/snapshot/snapshot.ts'
import type { Survey } from '../../insight/survey/survey.ts'

/** The version of the format of surveys. */
const FORMAT = 1

/** A survey for programs. */
export function surveyJson({ source, ...survey }: Survey): string {
  return `${JSON.stringify({ format: FORMAT, source: shownSource(source), ...survey }, undefined, 2)}\n`
}

/** The source of a result, without data that only warren needs. */
export function shownSource(source: SnapshotSource): object {
  if (source.kind !== 'broker') return source
  const { name, version, url } = source.broker
  return { kind: source.kind, name, version, url, user: source.user }
}
