import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digestOfRuns } from '../../../src/plan/saved/digest-of-runs.ts'

it('several runs have one digest: SHA-256 of the lines "environment NUL project NUL digest"', () => {
  const digest = digestOfRuns([
    { environment: 'prod', project: 'billing', digest: 'a' },
    { project: 'shipping', digest: 'b' },
  ])

  expect(digest).toBe(createHash('sha256').update('prod\0billing\0a\n\0shipping\0b\n').digest('hex'))
})
