import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { markdownCode, markdownText } from '../markdown/escape-markdown.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'
import type { ListedSurvey } from './listed-once.ts'
import { unmanagedListText } from './survey-text.ts'
import { coverageText, unknownLines, unmanagedText } from './survey-words.ts'

/** How this list differs from that of a survey. */
const NEITHER = 'that no project owns and no file declares'

/** Prints the unmanaged objects in the vhosts of a plan, and the managed share before an apply. */
export function planSurveyText(survey: ListedSurvey, style: Style): string {
  const { coverage, unmanaged, listedWith } = survey
  const unknown = unknownLines(survey)
  return [
    `${style.strong('Coverage')}  ${coverageText(coverage)}`,
    ...(unmanaged === undefined
      ? []
      : listedWith === undefined
        ? unmanagedListText(unmanaged, style, ` ${NEITHER}`)
        : [`${style.strong('Unmanaged')}  ${sameList(unmanaged.length, showText(listedWith))}`]),
    ...unknown.map((line) => `${style.strong('Unknown')}  ${line}`),
  ].join('\n')
}

/**
 * The same as Markdown.
 *
 * @param most the maximum number of listed objects
 */
export function planSurveyMarkdown(survey: ListedSurvey, most: number): string[] {
  const { coverage, unmanaged = [], listedWith } = survey
  const shown = unmanaged.slice(0, most)
  const rest = unmanaged.length - shown.length
  return [
    `Coverage: ${markdownText(coverageText(coverage))}`,
    ...(unmanaged.length === 0
      ? []
      : listedWith === undefined
        ? [
            `<details><summary>Unmanaged (${withCommas(unmanaged.length)}): objects ${NEITHER}</summary>`,
            [
              ...shown.map((each) => {
                const text = unmanagedText(each)
                return `- ${markdownCode(each.address)}${text === '' ? '' : `: ${markdownText(text)}`}`
              }),
              ...(rest > 0 ? [`- and ${withCommas(rest)} more`] : []),
            ].join('\n'),
            '</details>',
          ]
        : [`Unmanaged: ${markdownText(sameList(unmanaged.length, listedWith))}`]),
    ...unknownLines(survey).map((line) => `Unknown: ${markdownText(line)}`),
  ]
}

function sameList(count: number, project: string): string {
  return `the same ${countOf(count, 'object')} as in the plan of project ${project}`
}
