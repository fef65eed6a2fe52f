import { describe, expect, it } from 'vitest'
import { isTable } from '../../../../src/desired/source/tree.ts'
import { dataOf, findingsOf, parse, syntaxFindingsOf } from '../parsing.ts'

describe('parsing YAML', () => {
  it.each([
    ['a: 1\nb: [x, 1.5, true, ~, "q"]\n', [{ a: 1, b: ['x', 1.5, true, null, 'q'] }]],
    ['\uFEFFa: 1\n', [{ a: 1 }]],
    ['a: 1\r\nb:\r\n  c: |\r\n    x\r\n    y\r\n', [{ a: 1, b: { c: 'x\ny\n' } }]],
    ['a: 1\n---\nb: 2\n...\n---\n# none\n---\n', [{ a: 1 }, { b: 2 }]],
    [
      '1: a\ntrue: b\nnull: c\n1.10: d\n"q": e\n~: f\n',
      [{ 1: 'a', true: 'b', null: 'c', '1.10': 'd', q: 'e', '~': 'f' }],
    ],
    ['yes: no\non: off\n', [{ yes: 'no', on: 'off' }]],
    [
      'a: 2026-01-31\nb: 12:30:45\nc: 0o17\nd: 017\ne: +1\nf: 1e3\n',
      [{ a: '2026-01-31', b: '12:30:45', c: 15, d: 17, e: 1, f: 1000 }],
    ],
    ['a: 9007199254740991\nb: -9007199254740991\n', [{ a: 9007199254740991, b: -9007199254740991 }]],
    ['a: "NaN"\nb: NaN\nc: Infinity\n', [{ a: 'NaN', b: 'NaN', c: 'Infinity' }]],
    ['a: !!str 1.10\nb: ! x\nc: !!int "7"\nd: !!map {}\n', [{ a: '1.10', b: 'x', c: 7, d: {} }]],
    ['%YAML 1.2\n---\na: yes\n', [{ a: 'yes' }]],
    ['{ a, b: , c: [d: 1] }', [{ a: null, b: null, c: [{ d: 1 }] }]],
    ['? a\n: 1\n? b\n', [{ a: 1, b: null }]],
    [': x\n', [{ '': 'x' }]],
    ['__proto__: { a: 1 }\nconstructor: 2\n', [JSON.parse('{"__proto__":{"a":1},"constructor":2}')]],
    ['hello', ['hello']],
    ['', []],
    ['# only a comment', []],
    ['---\n---\n', []],
    ['...\n', []],
  ])('reads %j', (text, expected) => {
    expect(dataOf(text)).toEqual(expected)
  })

  it('knows the positions of keys, values and items', () => {
    const { documents, places } = parse('a:\n  "b c": 1.50\n  list:\n    - x\n    - { y: "two\n        lines" }\n')
    const root = documents[0]?.root
    const a = isTable(root) && isTable(root['a']) ? root['a'] : {}
    const list = a['list'] as [string, { y: string }]

    expect([
      places.locate(a, 'b c'),
      places.locate(a, 'b c', 'value'),
      places.locate(list, 0),
      places.locate(list[1], 'y', 'value'),
      places.locate(list),
      places.locate(list, 7),
    ]).toEqual([
      { file: 't.yaml', line: 2, column: 3, length: 5 },
      { file: 't.yaml', line: 2, column: 10, length: 4 },
      { file: 't.yaml', line: 4, column: 7, length: 1 },
      { file: 't.yaml', line: 5, column: 12, length: 4 },
      { file: 't.yaml', line: 4, column: 5, length: 3 },
      { file: 't.yaml', line: 4, column: 5, length: 3 },
    ])
  })

  it.each([
    ['a: 1\nb: 2\na: 3\n', ['t.yaml:3:1 duplicate-key: the key "a" appears twice in the same table']],
    [
      '{ "a": 1, a: 2, \'a\': 3 }',
      [
        't.yaml:1:11 duplicate-key: the key "a" appears twice in the same table',
        't.yaml:1:17 duplicate-key: the key "a" appears twice in the same table',
      ],
    ],
    ['1: a\n"1": b\n', ['t.yaml:2:1 duplicate-key: the key "1" appears twice in the same table']],
    ['__proto__: 1\n__proto__: 2\n', ['t.yaml:2:1 duplicate-key: the key "__proto__" appears twice in the same table']],
    [
      '[a]: 1\n? { b: 2 }\n: 3\n',
      [
        't.yaml:1:1 key-not-text: a key must be text, not a list or a table',
        't.yaml:2:3 key-not-text: a key must be text, not a list or a table',
      ],
    ],
    [
      'a: 9007199254740992\nb: -0x20000000000001\n',
      ['t.yaml:1:4 number-too-large: the number is larger than 9007199254740991 and would be changed'],
    ],
    [
      'a: .inf\nb: -.INF\nc: .nan\nd: 1e999\n',
      [
        't.yaml:1:4 number-not-finite: .inf is not a number that RabbitMQ accepts',
        't.yaml:2:4 number-not-finite: -.INF is not a number that RabbitMQ accepts',
        't.yaml:3:4 number-not-finite: .nan is not a number that RabbitMQ accepts',
        't.yaml:4:4 number-not-finite: 1e999 is not a number that RabbitMQ accepts',
      ],
    ],
    [
      'a: !foo bar\nb: !<tag:x> {}\nc: !!binary aGk=\nd: !!set { a }\ne: !!omap [a: 1]\nf: !!timestamp 2026-01-31\ng: !!str { b: 1 }\nh: !!map x\n',
      [
        't.yaml:1:9 unknown-tag: the tag !foo is not known here',
        't.yaml:2:13 unknown-tag: the tag tag:x is not known here',
        't.yaml:3:13 unknown-tag: the tag !!binary is not known here',
        't.yaml:4:10 unknown-tag: the tag !!set is not known here',
        't.yaml:5:11 unknown-tag: the tag !!omap is not known here',
        't.yaml:6:16 unknown-tag: the tag !!timestamp is not known here',
        't.yaml:7:10 unknown-tag: the tag !!str is not known here',
        't.yaml:8:10 unknown-tag: the tag !!map is not known here',
      ],
    ],
    [
      'a: "\\ud800"\n',
      ['t.yaml:1:4 text-not-unicode: the text contains half of a surrogate pair, which is not valid in UTF-8'],
    ],
    ['%YAML 1.1\n---\na: yes\n', ['t.yaml:1:1 yaml-version: YAML 1.1 is not supported']],
  ])('finds the mistakes in %j', (text, expected) => {
    expect(findingsOf(text)).toEqual(expected)
  })

  it('names both positions of a duplicate key', () => {
    expect(parse('a: 1\nb: 2\na: 3\n').valueFindings[0]?.related).toEqual([
      { label: 'first', location: { file: 't.yaml', line: 1, column: 1, length: 1 } },
    ])
  })
})

describe('a syntax error', () => {
  it.each([
    ['a:\n\tb: 1\n', 't.yaml:2:1', 'a tab is used for indentation'],
    ['a: { b: 1\nc: 2\n', 't.yaml:1:4', 'this { has no matching }'],
    ['a:\n  b: [x, y\n  c: 1\n', 't.yaml:2:6', 'this [ has no matching ]'],
    ['a: { routingKey: #.foo }\nb: 1\n', 't.yaml:1:4', 'this { has no matching }'],
    ['a: "x\nb: 1\n', 't.yaml:1:4', 'this quote is not closed'],
    ["a: 'x", 't.yaml:1:4', 'this quote is not closed'],
    [
      'a:\n  b: 1\n   c: 2\n',
      't.yaml:2:6',
      'a second key follows on the line of a value, or the next line is indented too far',
    ],
    ['a: b: c\n', 't.yaml:1:4', 'a second key follows on the line of a value, or the next line is indented too far'],
    ['a:\n   b: 1\n  c: 2\n', 't.yaml:3:3', 'this line is not indented like the ones before it'],
    ['a:\n  b:1\n  c: 2\n', 't.yaml:2:3', 'this is not a key with a value'],
    ['a:\n  b\n  c: 2\n', 't.yaml:2:3', 'this is not a key with a value'],
    ['a: @x\n', 't.yaml:1:4', 'text cannot begin with this character unless it is quoted'],
    ['a: `x`\n', 't.yaml:1:4', 'text cannot begin with this character unless it is quoted'],
    ['a: %x\n', 't.yaml:1:4', 'text cannot begin with this character unless it is quoted'],
    ['a: *\n', 't.yaml:1:4', '* begins an alias, but no name follows'],
    ['a: &\n', 't.yaml:1:4', '& begins an anchor, but no name follows'],
    ['a: "\\q"\n', 't.yaml:1:5', 'there is no such escape sequence'],
    ['a: "x" y\n', 't.yaml:1:8', 'this does not belong to the value before it'],
    ['a: { routingKey: user.{id}.x }\nb: 1\n', 't.yaml:1:23', 'this does not belong to the value before it'],
    ['a: {x: 1 y: 2}\n', 't.yaml:1:8', 'entries within { } or [ ] must be separated by commas'],
    ['a: [x,, y]\n', 't.yaml:1:7', 'an entry is missing before this comma'],
    ['a: }\n', 't.yaml:1:4', 'this does not belong here'],
    ['a:\n  b: 1\n  - c\n', 't.yaml:3:3', 'a list is not possible here'],
    ['a: |x\n  y\n', 't.yaml:1:5', 'only an indicator such as | or > is possible on this line'],
    ['a: &x &y z\n', 't.yaml:1:7', 'a value has two anchors or two tags'],
    ['%FOO\na: 1\n', 't.yaml:1:1', 'a line that begins with % is a YAML directive, but this directive is not known'],
  ])('is one finding: %j', (text, place, problem) => {
    expect(syntaxFindingsOf(text)).toEqual([`${place} yaml-syntax: ${problem}`])
  })

  it('is reported together with others on other lines', () => {
    expect(syntaxFindingsOf('a: @x\nb: { c: "\\q", d: *\n }\ne: [1\nf: 2\n')).toEqual([
      't.yaml:1:4 yaml-syntax: text cannot begin with this character unless it is quoted',
      't.yaml:2:10 yaml-syntax: there is no such escape sequence',
      't.yaml:4:4 yaml-syntax: this [ has no matching ]',
    ])
  })

  it('shows no text of the file, which may be a password', () => {
    for (const text of [
      'password: *hunter2',
      'password: "hunter2',
      'password: hunter2: x',
      'password: @hunter2',
      'a: [hunter2',
      'password: 99999999999999999999',
    ]) {
      expect(JSON.stringify(syntaxFindingsOf(text))).not.toMatch(/hunter2|9999/)
    }
  })

  it.each(['[', '{', '{a: ', '- ', '[{"'])('is found when %j is nested deeper than any stack', (opening) => {
    expect(findingsOf(opening.repeat(20_000))[0]).toMatch(/^t\.yaml:\d+:\d+ (nested-too-deep|yaml-syntax)/)
  })

  it('is found when tables are nested more than a hundred deep', () => {
    expect(findingsOf('['.repeat(100) + ']'.repeat(100))).toEqual([])
    expect(findingsOf('['.repeat(101) + ']'.repeat(101))).toEqual([
      't.yaml:1:101 nested-too-deep: lists and tables are nested more than 100 deep',
    ])
  })
})

describe('anchors and aliases', () => {
  it('repeat values', () => {
    expect(dataOf('a: &x { b: &y [1] }\nc: *x\nd: *y\ne: &y 2\nf: *y\n')).toEqual([
      { a: { b: [1] }, c: { b: [1] }, d: [1], e: 2, f: 2 },
    ])
  })

  it('may be keys', () => {
    expect(dataOf('&k name: 1\nx: { *k : 2 }\n')).toEqual([{ name: 1, x: { name: 2 } }])
  })

  it('merge tables, with precedence for the nearest', () => {
    expect(
      dataOf(
        'a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: *a, x: 0 }\nd: { z: 0, <<: [*b, *a] }\ne: { <<: { q: 1 } }\nf: { "<<": 1 }\n',
      ),
    ).toEqual([
      {
        a: { x: 1, y: 1 },
        b: { y: 2, z: 2 },
        c: { x: 0, y: 1 },
        d: { z: 0, y: 2, x: 1 },
        e: { q: 1 },
        f: { '<<': 1 },
      },
    ])
  })

  it('have the positions of the merged entries', () => {
    const { documents, places } = parse('a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n')
    const root = documents[0]?.root
    const b = isTable(root) ? (root['b'] as object) : {}

    expect([places.locate(b, 'x'), places.locate(b, 'y')]).toEqual([
      { file: 't.yaml', line: 2, column: 3, length: 1 },
      { file: 't.yaml', line: 5, column: 3, length: 1 },
    ])
  })

  it.each([
    ['a: *nope\n', 't.yaml:1:4 alias-unknown: no anchor of this name precedes the alias'],
    ['a: *b\nb: &b 1\n', 't.yaml:1:4 alias-unknown: no anchor of this name precedes the alias'],
    ['a: &a 1\n---\nb: *a\n', 't.yaml:3:4 alias-unknown: no anchor of this name precedes the alias'],
    ['*nope : 1\n', 't.yaml:1:1 alias-unknown: no anchor of this name precedes the alias'],
    ['a: &a [1, *a]\n', 't.yaml:1:11 alias-recursive: the alias refers to the value that contains it'],
    ['a: &a { b: { c: *a } }\n', 't.yaml:1:17 alias-recursive: the alias refers to the value that contains it'],
    [
      'a: { <<: 1 }\n',
      't.yaml:1:10 merge-not-table: << must be followed by a table, an alias of one, or a list of these',
    ],
    [
      'a: &a\nb: { <<: *a }\n',
      't.yaml:2:10 merge-not-table: << must be followed by a table, an alias of one, or a list of these',
    ],
    ['a: { <<: *nope }\n', 't.yaml:1:10 alias-unknown: no anchor of this name precedes the alias'],
    ['a: { <<: {}, <<: {} }\n', 't.yaml:1:14 duplicate-key: the key "<<" appears twice in the same table'],
  ])('are refused as %j', (text, expected) => {
    expect(findingsOf(text)).toEqual([expected])
  })

  it('must not expand to more values than any topology has', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `x-${n + 1}: &x${n + 1} [${Array(9).fill(`*x${n}`).join(', ')}]`)

    expect(findingsOf(`x-0: &x0 [1]\n${lines.join('\n')}\n`)).toEqual([
      't.yaml:7:31 alias-expansion: the aliases of this file expand to more than 1,001,180 values',
    ])
  })

  it('must not create keys without end by merging', () => {
    const keys = Array.from({ length: 1_000 }, (_, n) => `k${n}: 1`).join(', ')
    const uses = Array.from({ length: 1_001 }, (_, n) => `u${n}: { <<: *k }`).join('\n')

    expect(findingsOf(`x-k: &k { ${keys} }\n${uses}\n`)[0]).toMatch(/alias-expansion/)
    expect(findingsOf(`x-k: &k { a: 1, b: 2, c: 3 }\n${uses}\n`)).toEqual([])
  })
})
