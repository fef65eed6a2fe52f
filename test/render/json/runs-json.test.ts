import { describe, expect, it } from 'vitest'
import { runsJson } from '../../../src/render/json/runs-json.ts'
import { blockedPlan, commandResult, wrongKey } from '../../builders/command-result.ts'
import { problemsOf } from '../../schemas/published-schemas.ts'

describe('the JSON of several runs', () => {
  it('is one versioned document with the plan, the failure and the exit code of each run', () => {
    const result = commandResult(
      'plan',
      { environment: 'prod', project: 'shop', plan: blockedPlan, exitCode: 4 },
      {
        project: 'billing',
        findings: [wrongKey],
        failure: { code: 'UNREACHABLE', message: 'no answer', hint: 'wait' },
        exitCode: 6,
      },
    )

    const json = JSON.parse(runsJson({ ...result, exitCode: 4, digest: '0'.repeat(64) }))

    expect(problemsOf('urn:warren:runs:1', json)).toEqual([])
    expect(json).toMatchObject({ format: 1, command: 'plan', exitCode: 4, digest: '0'.repeat(64) })
    expect(json.runs).toMatchObject([
      { environment: 'prod', project: 'shop', exitCode: 4, digest: blockedPlan.digest, plan: { project: 'shop' } },
      { project: 'billing', exitCode: 6, failure: { code: 'UNREACHABLE', error: 'no answer', hint: 'wait' } },
    ])
    expect(json.runs[1]).not.toHaveProperty('plan')
  })
})
