import { assert, nat, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeFrame } from '../../../src/diagnostics/text/code-frame.ts'

const frame = (text: string, line: number, column: number, length = 1): string[] =>
  codeFrame(text, { file: 't.yaml', line, column, length }).split('\n')

describe('codeFrame', () => {
  it('shows the line with its neighbours and a caret', () => {
    expect(frame('one: 1\ntwo: { x: qorum }\nthree: 3\nfour: 4\n', 2, 11, 5)).toEqual([
      '  1 | one: 1',
      '> 2 | two: { x: qorum }',
      '    |           ^^^^^',
      '  3 | three: 3',
    ])
  })

  it('aligns line numbers', () => {
    expect(frame('a: 1\n'.repeat(12), 10, 4)).toEqual(['   9 | a: 1', '> 10 | a: 1', '     |    ^', '  11 | a: 1'])
  })

  it('shows the only line, an empty text, and a place behind the end', () => {
    expect(frame('a', 1, 1)).toEqual(['> 1 | a', '    | ^'])
    expect(frame('', 1, 1)).toEqual(['> 1 |', '    | ^'])
    expect(frame('ab', 1, 3)).toEqual(['> 1 | ab', '    |   ^'])
    expect(frame('ab', 7, 1)).toEqual([''])
  })

  it('handles line ends, a byte-order mark, tabs and wide characters', () => {
    expect(frame('\uFEFFa: b\r\nc: d\r\n', 1, 4)).toEqual(['> 1 | a: b', '    |    ^', '  2 | c: d'])
    expect(frame('\ta: b', 1, 5)).toEqual(['> 1 |   a: b', '    |      ^'])
    expect(frame('数字: 🐇 x', 1, 5, 2)).toEqual(['> 1 | 数字: 🐇 x', '    |       ^^'])
    expect(frame('e\u0301: x', 1, 5)).toEqual(['> 1 | e\u0301: x', '    |    ^'])
  })

  it('contains no control sequences for the terminal', () => {
    expect(frame('a: \u001B[31mred\u202E', 1, 4)).toEqual(['> 1 | a: \uFFFD[31mred\uFFFD', '    |    ^'])
  })

  it('shortens long lines around the position', () => {
    const [line, caret] = frame(`${'x'.repeat(500)}HERE${'y'.repeat(500)}`, 1, 501, 4)

    expect(line).toBe(`> 1 | …${'x'.repeat(50)}HERE${'y'.repeat(46)}…`)
    expect(caret).toBe(`    | ${' '.repeat(51)}^^^^`)
    expect(frame(`HERE${'y'.repeat(500)}`, 1, 1, 4)[0]).toBe(`> 1 | HERE${'y'.repeat(96)}…`)
    expect(frame('z'.repeat(150), 1, 1, 150)[1]).toBe(`    | ${'^'.repeat(100)}`)
  })

  it('shows a position in any text without failing', () => {
    assert(
      property(string({ unit: 'binary' }), nat(5), nat(300), nat(50), (text, line, column, length) => {
        expect(typeof codeFrame(text, { file: 't', line: line + 1, column: column + 1, length: length + 1 })).toBe(
          'string',
        )
      }),
    )
  })
})

describe('secrets in code frames', () => {
  it.each([
    ['password: hunter2'],
    ['password: "hunter2"'],
    ["password: 'hunt''hunter2'"],
    ['"password": "hunter2"'],
    ["'password' : hunter2 # hunter2"],
    ['password: #hunter2'],
    ['password:hunter2'],
    ['password: "hunter2'],
    ['password: hunter2: hunter2'],
    ['password: |\n  hunter2'],
    ['password:\n  hunter2'],
    ['password: # from the vault\n  hunter2'],
    ['password: "a\n  hunter2"'],
    ['password: &pw hunter2'],
    ['password: !!str hunter2'],
    ['password: a ${env:X} hunter2'],
    ['password: ${env:X:-hunter2}'],
    ['passwordHash: hunter2'],
    ['Password: hunter2'],
    ['pasword: hunter2'],
    ['passwrod: hunter2'],
    ['pass: hunter2'],
    ['pw: hunter2'],
    ['users: { u: { password: hunter2, tags: [] } }'],
    ['{ "password":"hunter2" }'],
    ['x-pw: &pw hunter2\npassword: *pw'],
    ['? password\n: hunter2'],
    ['uri: amqp://user:hunter2@host'],
    ['uri: amqp://user:p@ss/hunter2@host/v'],
    ['uri: "amqp://svc:pa hunter2@host"'],
    ['uri: amqp://svc:pa hunter2@host # not "quoted"'],
    ["uri: 'amqp://svc:pa?hunter2#x@host'"],
    ['uri: "amqp://svc:pa\\"hunter2@host"'],
    ['uri: amqps://h?keyfile=/k&password=hunter2'],
    ['uri: "amqps://h?cacertfile=/c&key=hunter2&verify=none"'],
    ['uri: amqp:user:hunter2@host'],
    ['uri: 1amqp://user:hunter2@host'],
    ['[amqps://hunter2@host, "https://u:hunter2@host"]'],
  ])('are masked: %j', (text) => {
    const lines = text.split('\n')
    const frames = lines.map((_, index) => codeFrame(text, { file: 't', line: index + 1, column: 1 }))

    expect(frames.join('\n')).not.toContain('hunter2')
    expect(frames.join('\n')).toContain('(secret)')
  })

  it('do not hide the text next to them', () => {
    expect(frame('users:\n  u: { password: "hunter2, }", tags: [x y] }', 2, 39, 3).slice(1)).toEqual([
      '> 2 |   u: { password: (secret), tags: [x y] }',
      '    |                                   ^^^',
    ])
    expect(frame('u:\n  password: |\n    hunter2\n  tags: x\n', 4, 9)).toEqual([
      '  3 |     (secret)',
      '> 4 |   tags: x',
      '    |         ^',
    ])
    expect(frame('u: amqp://a:hunter2@host/%2F x', 1, 30)[0]).toBe('> 1 | u: amqp://(secret)@host/%2F x')
  })

  it('are not found in references and in names', () => {
    const text = `users: { u: { password: "\${env:PASSWORD}" } }
queues:
  password-reset:
    type: quorum
  secrets: { type: quorum }
  passwords:
`
    for (const line of [1, 2, 3, 4, 5]) {
      expect(codeFrame(text, { file: 't', line, column: 1 })).not.toContain('(secret)')
    }
  })
})
