import { expect, it } from 'vitest'
import { PrintedErrors } from '../../../src/cli/output/printed-errors.ts'
import { finding } from '../../../src/diagnostics/findings/finding.ts'
import { InvalidInputError, WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { silentIo } from '../../builders/silent-io.ts'

const down = (port: number) =>
  new WarrenError(`cannot reach http://mq:${port}`, { code: 'UNREACHABLE', hint: 'start the broker' })

it('equal errors of several runs are printed once, and each run has its own exit code', () => {
  let printed = ''
  const errors = new PrintedErrors(silentIo({ err: (text) => void (printed += text) }))
  const same = down(1)
  const codes = [same, same, down(1), down(2), down(1)].map((error) => errors.codeOf(error))

  expect(codes).toEqual([6, 6, 6, 6, 6])
  expect(printed).toBe(
    'error  cannot reach http://mq:1\n       start the broker\nerror  cannot reach http://mq:2\n       start the broker\n',
  )
})

it('errors of several runs about different files are all printed', () => {
  let printed = ''
  const errors = new PrintedErrors(silentIo({ err: (text) => void (printed += text) }))
  for (const path of ['a.yaml', 'b.yaml']) {
    errors.codeOf(new InvalidInputError([finding('file-unreadable', { path, reason: 'it is gone' })], new Map()))
  }

  expect(printed).toContain('cannot read a.yaml')
  expect(printed).toContain('cannot read b.yaml')
})
