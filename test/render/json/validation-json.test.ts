import { describe, expect, it } from 'vitest'
import { failureJson } from '../../../src/render/json/failure-json.ts'
import { validationJson, validationsJson } from '../../../src/render/json/validation-json.ts'
import { wrongKey } from '../../builders/command-result.ts'
import { queue, topology } from '../../builders/objects.ts'
import { problemsOf } from '../../schemas/published-schemas.ts'

const desired = {
  project: 'shop',
  topology: topology({ queues: [queue('orders')] }),
  routes: { publications: [], subscriptions: [] },
  deadLetters: [],
  secrets: [],
}

describe('the JSON of validate', () => {
  it('counts what valid files declare, and lists the warnings', () => {
    const json = JSON.parse(validationJson(desired, [wrongKey]))

    expect(json).toMatchObject({
      format: 1,
      project: 'shop',
      counts: { queues: 1 },
      findings: [{ code: 'unknown-key' }],
    })
    expect(problemsOf('urn:warren:validation:1', json)).toEqual([])
  })

  it('lists the runs of several projects and environments', () => {
    const json = JSON.parse(validationsJson([{ environment: 'prod', desired }, { desired }], [wrongKey]))

    expect(json.runs).toMatchObject([
      { environment: 'prod', project: 'shop', counts: { queues: 1 } },
      { project: 'shop' },
    ])
    expect(problemsOf('urn:warren:validation:1', json)).toEqual([])
  })

  it('lists the findings with their places where the files are invalid', () => {
    const json = JSON.parse(failureJson({ code: 'INVALID_INPUT', message: '1 finding' }, [wrongKey]))

    expect(json.findings).toEqual([
      {
        severity: 'error',
        code: 'unknown-key',
        message: 'unknown key "a<b>|"c", 100%"',
        hint: 'did you mean "type"?',
        location: { file: 'shop/with space.yaml', line: 2, column: 5, length: 3 },
      },
    ])
    expect(problemsOf('urn:warren:validation:1', json)).toEqual([])
    expect(problemsOf('urn:warren:report:1', json)).toEqual([])
  })
})
