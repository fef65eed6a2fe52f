import { afterEach, describe, expect, it, vi } from 'vitest'
import { processIo } from '../../../src/cli/output/io.ts'

const STREAM = ['isTTY', 'columns'] as const
const before = STREAM.map((name) => [name, Object.getOwnPropertyDescriptor(process.stdout, name)] as const)

/** Makes standard output look like a terminal with this many columns, or like a pipe. */
function stdoutIs(values: { readonly isTTY?: boolean; readonly columns?: number }): void {
  for (const name of STREAM) Object.defineProperty(process.stdout, name, { value: values[name], configurable: true })
}

afterEach(() => {
  for (const [name, property] of before) {
    if (property) Object.defineProperty(process.stdout, name, property)
    else Reflect.deleteProperty(process.stdout, name)
  }
  vi.restoreAllMocks()
})

const RED = '\u001B[31m'

describe('processIo', () => {
  it('has the width of a terminal, and none for a pipe or for a terminal without a size', () => {
    const widthOf = (values: Parameters<typeof stdoutIs>[0]) => {
      stdoutIs(values)
      return processIo({ environment: { COLUMNS: '70' } }).outStyle.width
    }

    expect(widthOf({ isTTY: true, columns: 132 })).toBe(132)
    expect(widthOf({ isTTY: true, columns: 0 })).toBeUndefined()
    expect(widthOf({})).toBeUndefined()
    expect(widthOf({ columns: 132 })).toBeUndefined()
  })

  it('colors a pipe to a pager with FORCE_COLOR, and gives it no width', () => {
    stdoutIs({})

    expect(processIo({ environment: {} }).outStyle.remove('x')).toBe('x')
    const { outStyle } = processIo({ environment: { FORCE_COLOR: '1' } })
    expect([outStyle.remove('x').startsWith(RED), outStyle.width]).toEqual([true, undefined])
    expect(processIo({ environment: { FORCE_COLOR: '1', NO_COLOR: '1' } }).outStyle.remove('x')).toBe('x')
  })
})
