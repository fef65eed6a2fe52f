import { describe, expect, it } from 'vitest'
import { gitlabCodeQuality } from '../../../src/render/gitlab/code-quality.ts'
import { blockedPlan, commandResult, wrongKey } from '../../builders/command-result.ts'

describe('gitlabCodeQuality', () => {
  it('has the fields that GitLab documents, with a place for each issue', () => {
    const result = commandResult(
      'plan',
      { plan: blockedPlan, findings: [wrongKey] },
      { failure: { code: 'UNREACHABLE', message: 'no answer' } },
    )

    expect(JSON.parse(gitlabCodeQuality(result))).toEqual([
      {
        description: 'unknown key "a<b>|"c", 100%"\ndid you mean "type"?',
        check_name: 'unknown-key',
        fingerprint: expect.stringMatching(/^[\da-f]{64}$/),
        severity: 'critical',
        location: { path: 'shop/with space.yaml', lines: { begin: 2 } },
      },
      expect.objectContaining({
        check_name: 'needs-replacement',
        location: { path: 'shop/topology.yaml', lines: { begin: 31 } },
      }),
      expect.objectContaining({ check_name: 'UNREACHABLE', location: { path: 'topology.yaml', lines: { begin: 1 } } }),
    ])
  })
})
