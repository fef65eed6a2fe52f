import { describe, expect, it } from 'vitest'
import { maskingIo } from '../../../src/cli/output/masking-io.ts'
import type { ProcessIo } from '../../../src/cli/output/io.ts'

function shown(text: string, ...args: readonly string[]): string {
  const written: string[] = []
  const io = maskingIo({ environment: {}, out: (part: string) => written.push(part) } as unknown as ProcessIo, args)
  io.out(text)
  return written.join('')
}

describe('an address with an @ among the arguments', () => {
  it.each([
    ['--migrate', 'queue:at/a@b'],
    ['--allow', 'delete=queue:v%2Fw@x/a@b'],
    ['--exclude', 'binding:at/a@b/queue/c/k'],
  ])('is shown unchanged: %s %s', (option, value) => {
    expect(shown(value, option, value)).toBe(value)
  })

  it.each([
    ['--url', 'guest:pa55word@localhost:15672'],
    ['--url=queue:pa55word@localhost', 'queue:pa55word@localhost'],
  ])('is distinguished from a login in a URL without its scheme, which is masked: %s', (...args) => {
    expect(shown('it was pa55word', ...args)).not.toContain('pa55word')
  })
})
