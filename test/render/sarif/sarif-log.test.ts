import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/operations/files/explain.ts'
import { sarifLog } from '../../../src/render/sarif/sarif-log.ts'
import { blockedPlan, commandResult, wrongKey } from '../../builders/command-result.ts'

// The official schema of OASIS, from the package @microsoft/jest-sarif. Its keywords of draft 4 mean the same in
// draft 7, except for the two that are removed here.
const official = JSON.parse(readFileSync(new URL('./sarif-2.1.0.schema.json', import.meta.url), 'utf8')) as object
const schema = Object.fromEntries(Object.entries(official).filter(([key]) => key !== '$schema' && key !== 'id'))
const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  schema,
)
const sources = new Map([['shop/topology.yaml', '']])

describe('sarifLog', () => {
  it.each([
    ['a plan with a block', commandResult('plan', { plan: blockedPlan, sources })],
    ['findings at lines', commandResult('validate', { findings: [wrongKey], sources })],
    ['an error without a place', commandResult('plan', { failure: { code: 'UNREACHABLE', message: 'no answer' } })],
    ['drift', commandResult('drift', { plan: blockedPlan })],
    ['nothing', commandResult('validate', {})],
  ])('follows the schema of SARIF 2.1.0 for %s', (_what, result) => {
    isValid(JSON.parse(sarifLog(result, '1.2.3')))

    expect(isValid.errors ?? []).toEqual([])
  })

  it('is refused by the schema if a level does not exist in SARIF', () => {
    const log = sarifLog(commandResult('validate', { findings: [wrongKey] }), '1.2.3')

    expect(isValid(JSON.parse(log.replace('"level": "error"', '"level": "fatal"')))).toBe(false)
  })

  it('describes each rule by what its code means and what to do', () => {
    const log = sarifLog(commandResult('plan', { plan: blockedPlan, findings: [wrongKey], sources }), '1.2.3')
    const { runs } = JSON.parse(log) as {
      runs: {
        tool: { driver: { rules: { id: string; shortDescription: { text: string }; help: { text: string } }[] } }
      }[]
    }
    const rules = runs[0]?.tool.driver.rules ?? []

    expect(rules.length).toBeGreaterThan(1)
    for (const { id, shortDescription, help } of rules) {
      const [explained] = explain(id)
      expect([id, shortDescription.text]).toEqual([id, explained?.meaning])
      expect(help.text).toBe(`${explained?.remedy} More: warren explain ${id}`)
    }
  })

  it('points a block at the declared line', () => {
    const { runs } = JSON.parse(sarifLog(commandResult('plan', { plan: blockedPlan }), '1.2.3'))

    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'needs-replacement',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'shop/topology.yaml' },
              region: { startLine: 31, startColumn: 3 },
            },
            logicalLocations: [{ fullyQualifiedName: 'queue:%2F/invoices' }],
          },
        ],
      },
    ])
  })

  it('encodes a path as a relative URI, and gives a place to a remark without one', () => {
    const result = commandResult('validate', {
      findings: [wrongKey],
      failure: { code: 'UNREACHABLE', message: 'no answer' },
      sources,
    })
    const { runs } = JSON.parse(sarifLog(result, '1.2.3'))
    const uris = runs[0].results.map(
      (each: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        each.locations[0]?.physicalLocation.artifactLocation.uri,
    )

    expect(uris).toEqual(['shop/topology.yaml', 'shop/with%20space.yaml'])
  })

  it('keeps the fingerprint of a finding whose line has moved', () => {
    const moved = { ...wrongKey, location: { file: 'shop/with space.yaml', line: 200, column: 5 } }
    const fingerprints = [wrongKey, moved].map((found) => {
      const { runs } = JSON.parse(sarifLog(commandResult('validate', { findings: [found] }), '1.2.3'))
      return runs[0].results[0].partialFingerprints['warren/v1']
    })

    expect(fingerprints[0]).toBe(fingerprints[1])
  })
})
