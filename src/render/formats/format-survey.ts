import type { Survey } from '../../insight/survey/survey.ts'
import { surveyJson } from '../survey/survey-json.ts'
import { surveyMarkdown } from '../survey/survey-markdown.ts'
import { surveyText } from '../survey/survey-text.ts'
import { styleOf } from './format-options.ts'

export interface SurveyFormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json' | 'markdown'
  /** Whether text is colored. Default false. */
  readonly color?: boolean
}

/** Formats the result of `survey`. */
export function formatSurvey(survey: Survey, options: SurveyFormatOptions = {}): string {
  switch (options.format ?? 'text') {
    case 'json':
      return surveyJson(survey)
    case 'markdown':
      return surveyMarkdown(survey)
    case 'text':
      return surveyText(survey, styleOf(options))
  }
}
