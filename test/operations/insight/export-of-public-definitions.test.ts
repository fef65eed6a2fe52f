import { describe, expect, it } from 'vitest'
import { snapshotOfDefinitions } from '../../../src/broker/snapshot/snapshot-of-definitions.ts'
import { exportSnapshot } from '../../../src/operations/insight/export.ts'
import { BROKER_CASES } from '../../builders/definitions/broker-cases.ts'
import { PROJECT_CASES } from '../../builders/definitions/project-cases.ts'

const CHOICES = {
  fold: true,
  includeTransient: false,
  includeFramework: false,
  inferRoutes: false,
  passwordHashes: false,
}

describe('exportSnapshot: files modeled on public ones', () => {
  it.each([...BROKER_CASES, ...PROJECT_CASES])(
    'exports files with an empty plan from a file that has $has',
    async (each) => {
      const vhosts = 'vhosts' in each.file ? undefined : ['/']
      const snapshot = snapshotOfDefinitions(JSON.parse(JSON.stringify(each.file)), {
        path: each.after,
        ...(vhosts && { vhosts }),
      })
      if ('finding' in snapshot) throw new Error(snapshot.finding.code)

      const { verification } = await exportSnapshot(snapshot, CHOICES)

      expect(verification.differences).toEqual([])
    },
  )
})
