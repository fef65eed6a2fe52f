import { describe, expect, it } from 'vitest'
import { formatPlan } from '../../../src/render/formats/format-plan.ts'
import { resultMarkdown } from '../../../src/render/markdown/result-markdown.ts'
import { listedOnce } from '../../../src/render/survey/listed-once.ts'
import { planSurveyText } from '../../../src/render/survey/plan-survey.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { planOf } from '../../builders/plan-of.ts'
import { topology } from '../../builders/objects.ts'
import { PLAN_SURVEY } from '../../schemas/survey-samples.ts'

const PLAN = planOf(topology(), topology())
const RUN = { plan: PLAN, survey: PLAN_SURVEY, findings: [], sources: new Map<string, string>() }

describe('the survey of a plan', () => {
  it('is printed below the plan', () => {
    expect(formatPlan(PLAN, { survey: PLAN_SURVEY })).toContain(`
Coverage  62.5% managed: 5 of 8 objects (2 adopted); 3 unmanaged; not counted: 1 transient, 2 of frameworks
Unmanaged  1 object that no project owns and no file declares
  queue:%2F/email                                           quorum, 3 messages, 0 consumers, idle since 2026-01-01T00:00:00.000Z, of Celery, not counted, x-max-length 5
Unknown  consumers: the login has no tag monitoring
`)
    expect(formatPlan(PLAN)).not.toContain('Coverage')
  })

  it('is part of the JSON of a plan', () => {
    expect(JSON.parse(formatPlan(PLAN, { format: 'json', survey: PLAN_SURVEY }))).toMatchObject({ survey: PLAN_SURVEY })
    expect(JSON.parse(formatPlan(PLAN, { format: 'json' }))).not.toHaveProperty('survey')
  })

  it('is folded in Markdown, and cut where there are many objects', () => {
    const many = Array.from({ length: 600 }, (_, index) => ({
      ...PLAN_SURVEY.unmanaged[0],
      address: `queue:%2F/${index}`,
    }))
    const text = resultMarkdown({
      command: 'plan',
      runs: [{ ...RUN, survey: { ...PLAN_SURVEY, unmanaged: many as never } }],
    })

    expect(text).toContain('Coverage: 62.5% managed')
    expect(text).toContain('<summary>Unmanaged (600): objects that no project owns and no file declares</summary>')
    expect(text).toContain('- and 100 more')
    expect(text).toContain('Unknown: consumers')
  })

  it('lists the same objects of several projects once', () => {
    const other = { ...RUN, plan: { ...PLAN, project: 'billing' } }
    const runs = listedOnce([RUN, other, { ...RUN, environment: 'prod' }])
    const texts = runs.map(({ survey }) => (survey ? planSurveyText(survey, styleFor(false)) : ''))

    expect(texts.map((text) => text.includes('queue:%2F/email'))).toEqual([true, false, true])
    expect(texts[1]).toContain('Unmanaged  the same 1 object as in the plan of project shop')
  })
})
