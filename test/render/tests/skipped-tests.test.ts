import { expect, it } from 'vitest'
import { formatTests } from '../../../src/render/formats/format-tests.ts'

const location = { file: 'topology.test.yaml', line: 4, column: 3 }
const REPORT = {
  files: [
    {
      path: 'topology.test.yaml',
      tests: [
        { name: 'a', location, outcome: { status: 'passed' as const } },
        { name: 'b', location, outcome: { status: 'skipped' as const, brokerVersion: '4.3' } },
      ],
    },
  ],
  passed: 1,
  failed: 0,
  skipped: 1,
}

it('shows skipped tests and their number as text', () => {
  expect(formatTests(REPORT)).toBe(`topology.test.yaml
  ✓ a
  - b   line 4
      skipped: it is about RabbitMQ 4.3

1 passed, 0 failed, 1 skipped
`)
})

it('lists skipped tests in JUnit as skipped, not as failed', () => {
  const text = formatTests(REPORT, { format: 'junit' })

  expect(text).toContain('tests="2" failures="0" errors="0" skipped="1"')
  expect(text).toContain('<skipped message="skipped: it is about RabbitMQ 4.3"/>')
})
