import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

// A program in `scripts`, which has no types.
const program: string = pathToFileURL(join(import.meta.dirname, '../../scripts/support-matrix/table.js')).href
const { tableOf, isSupported } = (await import(program)) as {
  tableOf: (rows: readonly unknown[]) => string
  isSupported: (rows: readonly unknown[]) => boolean
}

const passed = { asked: '20', version: 'v20.20.2', steps: 19, problems: [] }
const failed = { asked: '24', version: 'v24.21.0', steps: 19, problems: [{ step: 'plan', why: 'no summary' }] }
const missing = { asked: '26', missing: 'no such version' }

describe('the support matrix', () => {
  it('prints a line for each version, and the failures below', () => {
    expect(tableOf([passed, failed, missing])).toBe(
      [
        'asked for  Node.js   passed  failed',
        '20         v20.20.2      19       0',
        '24         v24.21.0      18       1',
        '26         missing        -       -',
        '',
        'v24.21.0: plan: no summary',
        '26: no such version',
        '',
      ].join('\n'),
    )
  })

  it('passes only if every version ran and passed', () => {
    expect([[passed], [passed, failed], [passed, missing], [], [{ ...passed, steps: 0 }]].map(isSupported)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
