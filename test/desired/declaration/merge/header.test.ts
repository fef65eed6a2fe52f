import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD, plain } from '../declaring.ts'

describe('the header of a document', () => {
  it('is about the vhost / when it names none', async () => {
    const { vhosts } = await declaration(HEAD)

    expect(vhosts.map(({ name, origin, claim }) => ({ name, origin, claim }))).toEqual([
      { name: '/', origin: { file: 't.yaml', line: 1, column: 1, length: 9 }, claim: undefined },
    ])
  })

  it('claims the vhost in its long form', async () => {
    const { vhosts, locate } = await declaration(
      `${HEAD}vhost:\n  name: /shop\n  tags: [production]\n  limits: { maxQueues: 10 }\n  protect: true\n`,
    )

    expect(plain(vhosts[0]?.claim)).toEqual({
      name: '/shop',
      tags: ['production'],
      limits: { maxQueues: 10 },
      protect: true,
    })
    expect(locate(vhosts[0]?.claim ?? {}, 'tags')).toEqual({ file: 't.yaml', line: 5, column: 3, length: 4 })
  })

  it.each([
    ['project: shop', ['t.yaml:1:1 missing-key: the key "warren" is missing']],
    ['warren: 1', ['t.yaml:1:1 missing-key: the key "project" is missing']],
    [
      'warren: 2\nproject: shop',
      ['t.yaml:1:9 format-version: the file is written in format 2, and this version of warren reads format 1'],
    ],
    [
      'warren: "1"\nproject: shop',
      ['t.yaml:1:9 wrong-value: warren: expected the format version 1, found the text "1"'],
    ],
    ['warren: 1\nproject: 7', ['t.yaml:2:10 wrong-value: project: expected the name of a project, found the number 7']],
    ['warren: 1\nproject: ""', ['t.yaml:2:10 name-invalid: the name "" of the project is empty']],
    ['warren: 1\nproject:', ['t.yaml:2:1 wrong-value: project: expected the name of a project, found nothing']],
    [
      `${HEAD}vhost: 1`,
      [
        't.yaml:3:8 wrong-value: vhost: expected the name of a virtual host, or a table that claims it, found the number 1',
      ],
    ],
    [`${HEAD}vhost: ""`, ['t.yaml:3:8 name-invalid: the name "" of the vhost is empty']],
    [`${HEAD}vhost: { tags: [a] }`, ['t.yaml:3:1 missing-key: the key "name" is missing']],
    [`${HEAD}vhost: { name: a, tag: [] }`, ['t.yaml:3:19 unknown-key: unknown key "tag"']],
    ...['b,c', 'ü', ' b', 'b ', ''].map((tag): [string, string[]] => [
      `${HEAD}vhost: { name: a, tags: ["${tag}"] }`,
      [
        `t.yaml:3:26 wrong-value: tags[0]: expected a tag of printable ASCII characters, without a comma and outer spaces, found the text "${tag}"`,
      ],
    ]),
    ['- a', ['t.yaml:1:1 document-not-table: a document must be a table of keys and values, not a list']],
    ['hello', ['t.yaml:1:1 document-not-table: a document must be a table of keys and values, not the text "hello"']],
    [`${HEAD}queus: {}`, ['t.yaml:3:1 unknown-key: unknown key "queus"']],
    [`${HEAD}queues:`, ['t.yaml:3:1 wrong-value: queues: expected a table of queues by name, found nothing']],
    [`${HEAD}bindings: {}`, ['t.yaml:3:11 wrong-value: bindings: expected a list of bindings, found a table']],
  ])('is refused when it is %j', async (text, findings) => {
    expect(await findingsOf(text)).toEqual(findings)
  })

  it('may be followed by keys for anchors, which are ignored', async () => {
    const text = `${HEAD}x-durable: &defaults { durable: false, nonsense: 1 }\nx-anything: [1, null]\n`

    expect((await declareFiles(text)).findings).toEqual([])
  })

  it('takes references', async () => {
    const { project, vhosts } = await declaration(
      'warren: 1\nproject: "${var:p}"\nvhost: "/${env:STAGE:-dev}"\n',
      {},
      { variables: { p: 'shop' } },
    )

    expect([project, vhosts[0]?.name]).toEqual(['shop', '/dev'])
  })

  it('must name the same project everywhere', async () => {
    const { findings } = await declareFiles({
      'a.yaml': HEAD,
      'b.yaml': 'warren: 1\nproject: shop\nvhost: b\n',
      'c.yaml': 'warren: 1\nproject: shoop\nvhost: c\n',
    })

    expect(findings).toEqual([
      {
        code: 'project-differs',
        args: { project: 'shoop', first: 'shop' },
        location: { file: 'c.yaml', line: 2, column: 10, length: 5 },
        related: [{ label: 'the other project', location: { file: 'a.yaml', line: 2, column: 10, length: 4 } }],
      },
    ])
  })
})

describe('--vhost FROM=TO', () => {
  it('uses another vhost, in the long form as well', async () => {
    const { vhosts } = await declaration(
      `${HEAD}vhost: { name: /shop, tags: [] }\n---\n${HEAD}vhost: other\n`,
      {},
      { vhosts: { '/shop': 'preview-7' } },
    )

    expect(vhosts.map(({ name, claim }) => [name, plain(claim ?? null)])).toEqual([
      ['preview-7', { name: 'preview-7', tags: [] }],
      ['other', null],
    ])
  })

  it('merges two vhosts that become one, and reports objects that both declare', async () => {
    const files = { 'a.yaml': `${HEAD}vhost: a\nqueues: { q:, r: }`, 'b.yaml': `${HEAD}vhost: b\nqueues: { q:, s: }` }

    expect(await findingsOf(files, {}, { vhosts: { a: 'one', b: 'one' } })).toEqual([
      'b.yaml:4:11 declared-twice: the queue "q" is declared twice',
    ])
  })

  it('must map an existing vhost to a valid name', async () => {
    expect(await findingsOf(`${HEAD}vhost: /shop`, {}, { vhosts: { shop: 'x', '/shop': '..' } })).toEqual([
      'vhost-mapping-unknown: --vhost: no document describes the vhost "shop"',
      'name-invalid: the name ".." of the vhost cannot be addressed, because it is a path segment with a special meaning',
    ])
  })
})
