import { describe, expect, it } from 'vitest'
import { KINDS, type Kind } from '../../src/model/topology.ts'
import { planJson } from '../../src/render/json/plan-json.ts'
import { upgradeJson } from '../../src/render/doctor/upgrade-json.ts'
import { checkupJson } from '../../src/render/doctor/checkup-json.ts'
import { lintJson } from '../../src/render/lint/lint-json.ts'
import type { LintFinding } from '../../src/insight/lint/lint.ts'
import { surveyJson } from '../../src/render/survey/survey-json.ts'
import { problemsOf, publishedSchema, type Schema } from './published-schemas.ts'
import {
  BLOCKS,
  HOLDING_PROBLEMS,
  KEPT,
  LINT_FINDING,
  NOTES,
  OBJECTS,
  OUTCOMES,
  PLAN,
  REPORT,
  STAKE,
  UNSUPPORTED,
} from './samples.ts'
import { CHECKUP, UPGRADE } from './checkup-sample.ts'
import { PLAN_SURVEY, SURVEY } from './survey-samples.ts'

const PLAN_SCHEMA = await publishedSchema('plan')
const REPORT_SCHEMA = await publishedSchema('report')
const VALIDATION_SCHEMA = await publishedSchema('validation')
const RUNS_SCHEMA = await publishedSchema('runs')
const LINT_SCHEMA = await publishedSchema('lint')
const SURVEY_SCHEMA = await publishedSchema('survey')
const UPGRADE_SCHEMA = await publishedSchema('upgrade')
const CHECKUP_SCHEMA = await publishedSchema('checkup')
const ID = {
  plan: 'urn:warren:plan:2',
  report: 'urn:warren:report:1',
  survey: 'urn:warren:survey:1',
  checkup: 'urn:warren:checkup:1',
  upgrade: 'urn:warren:upgrade:1',
}

/** The definition of each kind of object; both kinds of policies have the same. */
const NAMES: { readonly [K in Kind]: string } = {
  vhost: 'vhost',
  user: 'user',
  permission: 'permission',
  exchange: 'exchange',
  'topic-permission': 'topicPermission',
  policy: 'policy',
  'operator-policy': 'policy',
  queue: 'queue',
  binding: 'binding',
  parameter: 'parameter',
  'global-parameter': 'globalParameter',
}

/** Every schema of an object in a schema, with its path. */
function objectsIn(schema: Schema, path: string): [path: string, schema: Schema][] {
  const below = Object.entries(schema).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? objectsIn(value as Schema, `${path}/${key}`) : [],
  )
  return schema.properties !== undefined && schema.type === 'object' ? [[path, schema], ...below] : below
}

describe('the schemas of plans and reports', async () => {
  const objects = [
    ...objectsIn(PLAN_SCHEMA, 'plan'),
    ...objectsIn(REPORT_SCHEMA, 'report'),
    ...objectsIn(VALIDATION_SCHEMA, 'validation'),
    ...objectsIn(RUNS_SCHEMA, 'runs'),
    ...objectsIn(SURVEY_SCHEMA, 'survey'),
    ...objectsIn(LINT_SCHEMA, 'lint'),
    ...objectsIn(CHECKUP_SCHEMA, 'checkup'),
    ...objectsIn(await publishedSchema('trace'), 'trace'),
    ...objectsIn(await publishedSchema('breaking'), 'breaking'),
    ...objectsIn(await publishedSchema('test-results'), 'test-results'),
    ...objectsIn(UPGRADE_SCHEMA, 'upgrade'),
  ]

  it('describe every property, and allow no others', () => {
    const silent = objects.flatMap(([path, { properties = {} }]) =>
      Object.entries(properties).flatMap(([name, { description = '' }]) =>
        description.endsWith('.') ? [] : [`${path}: ${name}`],
      ),
    )

    expect(silent).toEqual([])
    expect(objects.filter(([, each]) => each.additionalProperties !== false).map(([path]) => path)).toEqual([])
    expect(objects.length).toBeGreaterThan(60)
  })

  it.each([
    ['plan', ID.plan, PLAN_SCHEMA, { ...PLAN, survey: PLAN_SURVEY }],
    ['impact', `${ID.plan}#/$defs/impact`, PLAN_SCHEMA.$defs?.['impact'], STAKE],
    ['report', `${ID.report}#/$defs/report`, REPORT_SCHEMA.$defs?.['report'], REPORT],
    ...KINDS.map((kind) => {
      const name = NAMES[kind]
      return [kind, `${ID.plan}#/$defs/${name}`, PLAN_SCHEMA.$defs?.[name], OBJECTS[kind]] as const
    }),
  ] as const)('have all properties of a %s and no more', (_name, reference, schema, sample) => {
    expect(problemsOf(reference, sample)).toEqual([])
    expect(Object.keys(schema?.properties ?? {}).toSorted()).toEqual(Object.keys(sample).toSorted())
  })

  it.each([
    ['block', 'plan', 'reason', BLOCKS],
    ['unsupported', 'plan', 'kind', UNSUPPORTED],
    ['holdingProblem', 'plan', 'problem', HOLDING_PROBLEMS],
    ['note', 'plan', 'note', NOTES],
    ['kept', 'plan', 'reason', KEPT],
    ['outcome', 'report', 'status', OUTCOMES],
  ] as const)('have all variants of a %s, each with all of its properties', (name, file, tag, samples) => {
    const schema = (file === 'plan' ? PLAN_SCHEMA : REPORT_SCHEMA).$defs?.[name]
    const properties = (schema?.anyOf ?? []).map((each) => [
      each.properties?.[tag]?.['const'],
      Object.keys(each.properties ?? {}).toSorted(),
    ])

    expect(Object.fromEntries(properties)).toEqual(
      Object.fromEntries(Object.entries(samples).map(([value, sample]) => [value, Object.keys(sample).toSorted()])),
    )
    for (const sample of Object.values(samples)) expect(problemsOf(`${ID[file]}#/$defs/${name}`, sample)).toEqual([])
  })

  it.each([
    ['survey', ID.survey, SURVEY_SCHEMA, SURVEY],
    ['vhost', `${ID.survey}#/$defs/vhost`, SURVEY_SCHEMA.$defs?.['vhost'], SURVEY.vhosts[0]],
    ['coverage', `${ID.plan}#/$defs/coverage`, PLAN_SCHEMA.$defs?.['coverage'], SURVEY.coverage],
    ['evidence', `${ID.survey}#/$defs/evidence`, SURVEY_SCHEMA.$defs?.['evidence'], SURVEY.evidence],
    ['object', `${ID.plan}#/$defs/unmanagedObject`, PLAN_SCHEMA.$defs?.['unmanagedObject'], SURVEY.unmanaged[0]],
    ['survey of a plan', `${ID.plan}#/$defs/planSurvey`, PLAN_SCHEMA.$defs?.['planSurvey'], PLAN_SURVEY],
  ] as const)('have all properties of a %s of a broker and no more', (_name, reference, schema, sample) => {
    const printed: object = sample === SURVEY ? JSON.parse(surveyJson(SURVEY)) : { ...sample }

    expect(problemsOf(reference, printed)).toEqual([])
    expect(Object.keys(schema?.properties ?? {}).toSorted()).toEqual(Object.keys(printed).toSorted())
  })

  it.each([
    ['checkup', ID.checkup, CHECKUP_SCHEMA, CHECKUP],
    ['check', `${ID.checkup}#/$defs/check`, CHECKUP_SCHEMA.$defs?.['check'], CHECKUP.checks[0]],
    ['upgrade report', ID.upgrade, UPGRADE_SCHEMA, UPGRADE],
    ['issue', `${ID.upgrade}#/$defs/issue`, UPGRADE_SCHEMA.$defs?.['issue'], UPGRADE.issues[0]],
    ['symptom', `${ID.checkup}#/$defs/symptom`, CHECKUP_SCHEMA.$defs?.['symptom'], CHECKUP.checks[0].symptoms[0]],
    [
      'undecided',
      `${ID.checkup}#/$defs/undecided`,
      CHECKUP_SCHEMA.$defs?.['undecided'],
      CHECKUP.checks[0].undecided[0],
    ],
  ] as const)('have all properties of a %s of the doctor and no more', (_name, reference, schema, sample) => {
    const printed: object =
      sample === CHECKUP
        ? JSON.parse(checkupJson(CHECKUP))
        : sample === UPGRADE
          ? JSON.parse(upgradeJson(UPGRADE))
          : { ...sample }

    expect(problemsOf(reference, printed)).toEqual([])
    expect(Object.keys(schema?.properties ?? {}).toSorted()).toEqual(Object.keys(printed).toSorted())
  })

  it('accept a survey of a definitions file, and a plan with a survey', () => {
    const source = { kind: 'definitions', path: 'd.json', version: '4.3.1', cluster: 'c' } as const

    expect(problemsOf(ID.survey, JSON.parse(surveyJson({ ...SURVEY, source })))).toEqual([])
    expect(problemsOf(ID.plan, JSON.parse(planJson(PLAN, { survey: PLAN_SURVEY })))).toEqual([])
    expect(
      problemsOf(ID.plan, JSON.parse(planJson(PLAN, { survey: { ...PLAN_SURVEY, unknown: [{}] } as never }))),
    ).not.toEqual([])
  })

  it('have all properties of findings of lint and no more', () => {
    const findings = [LINT_FINDING as LintFinding]
    const run = { environment: 'prod', project: 'shop', version: '4.3.6', ignored: 1, unread: ['/'], findings }
    const printed = JSON.parse(lintJson([run])) as { runs: object[] }

    expect(problemsOf('urn:warren:lint:1', printed)).toEqual([])
    expect(printed.runs.map((each) => Object.keys(each).toSorted())).toEqual([
      Object.keys(LINT_SCHEMA.$defs?.['run']?.properties ?? {}).toSorted(),
    ])
    expect(problemsOf('urn:warren:lint:1', { ...printed, more: 1 })).not.toEqual([])
  })

  it('refuse values that cannot occur in a plan', () => {
    const wrong = (changed: object) => problemsOf(ID.plan, { ...PLAN, ...changed })
    const change = { action: 'create', kind: 'queue', address: 'queue:%2F/q', after: OBJECTS.queue }

    expect(wrong({ changes: [change] })).toEqual([])
    expect(wrong({ changes: [{ ...change, before: OBJECTS.queue }] })).not.toEqual([])
    expect(wrong({ changes: [{ ...change, after: OBJECTS.exchange }] })).not.toEqual([])
    expect(wrong({ changes: [{ ...change, action: 'update' }] })).not.toEqual([])
    expect(wrong({ changes: [{ ...change, address: 'cue:%2F/q' }] })).not.toEqual([])
    expect(wrong({ digest: 'none' })).not.toEqual([])
    expect(wrong({ more: 1 })).not.toEqual([])
    expect(problemsOf(ID.report, { format: 1 })).not.toEqual([])
  })
})
