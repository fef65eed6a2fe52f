import { describe, expect, it } from 'vitest'
import { githubAnnotations } from '../../../src/render/github/annotations.ts'
import { blockedPlan, commandResult, wrongKey } from '../../builders/command-result.ts'

describe('githubAnnotations', () => {
  it('annotates the declared line of a block, and ends with the summary', () => {
    expect(githubAnnotations(commandResult('plan', { plan: blockedPlan })).split('\n')).toEqual([
      expect.stringMatching(
        /^::error file=shop\/topology\.yaml,line=31,col=3,title=needs-replacement::queue:%252F\/invoices: .*1,204 messages/,
      ),
      expect.stringMatching(/^::notice title=warren plan::1 to create, 1 to replace, 1 blocked/),
      '',
    ])
  })

  it('escapes what would end a property or a line', () => {
    const [line] = githubAnnotations(commandResult('validate', { findings: [wrongKey] })).split('\n')

    expect(line).toBe(
      '::error file=shop/with space.yaml,line=2,col=5,endColumn=8,title=unknown-key::unknown key "a<b>|"c", 100%25"%0Adid you mean "type"?',
    )
  })
})
