import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { VALIDATOR_OPTIONS, withOneErrorList } from '../../../../src/desired/declaration/schema/validator-options.ts'

const SCHEMA = {
  type: 'object',
  additionalProperties: { $ref: '#/$defs/entry' },
  $defs: {
    entry: {
      type: 'object',
      additionalProperties: false,
      properties: { list: { type: 'array', items: { $ref: '#/$defs/entry' } } },
    },
  },
}

describe('the check of a schema', () => {
  it('collects its errors in one list that is never copied', () => {
    const codes: string[] = []
    const keep = (code: string) => {
      const changed = withOneErrorList(code)
      if (changed !== code) codes.push(changed)
      return changed
    }
    new Ajv({ ...VALIDATOR_OPTIONS, code: { process: keep } }).compile(SCHEMA)

    expect(codes).not.toEqual([])
    for (const code of codes) expect(code).not.toContain('vErrors.concat(')
  })

  it('finds the same errors as the code that Ajv writes, each once and in the same order', () => {
    const { code: _changed, ...plain } = VALIDATOR_OPTIONS
    const wrong = { a: { x: 1, y: 2 }, b: { list: [{ z: 1 }, {}, { list: [{ x: 1 }, 7] }] }, c: {}, d: { x: 1 } }
    const [ours, theirs] = [VALIDATOR_OPTIONS, plain].map((options) => {
      const check = new Ajv(options).compile(SCHEMA)
      check({ a: { before: 1 } })
      check(wrong)
      return check.errors
    })

    expect(ours).toHaveLength(6)
    expect(ours).toEqual(theirs)
  })
})
