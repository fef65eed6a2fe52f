import type { Survey } from '../../insight/survey/survey.ts'

/** The version of the format of surveys. */
const FORMAT = 1

/** A survey for programs. */
export function surveyJson({ source, ...survey }: Survey): string {
  const shown =
    source.kind === 'broker'
      ? {
          kind: source.kind,
          name: source.broker.name,
          version: source.broker.version,
          url: source.broker.url,
          user: source.user,
        }
      : source
  return `${JSON.stringify({ format: FORMAT, source: shown, ...survey }, undefined, 2)}\n`
}
