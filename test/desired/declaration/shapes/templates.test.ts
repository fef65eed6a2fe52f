import { describe, expect, it } from 'vitest'
import { usesOf, formatLocation } from '../../../../src/diagnostics/location.ts'
import { declaration, declareFiles, findingsOf, HEAD, hintsOf, plain } from '../declaring.ts'

const SHAPES = `${HEAD}exchanges: { events: { type: topic }, audit: }
defaults:
  queues: { type: quorum, deadLetter: true, bindings: [audit] }
templates:
  worker: { queues: { retry: { delays: [5s, 30s] }, maxLength: 100, arguments: { x-a: 1, x-b: 2 } } }
  bulk: { queues: { maxLength: 200, maxLengthBytes: 2GiB, arguments: { x-b: 3 } } }
`

async function queuesOf(text: string): Promise<unknown> {
  return plain((await declaration(text)).vhosts[0]?.queues)
}

const reading = (files: Readonly<Record<string, string>>) => ({
  readTemplates: async (path: string) => {
    const text = files[path]
    return text === undefined ? { reason: 'there is no such file' } : { text }
  },
})

describe('defaults and templates', () => {
  it('are inherited in the order of defaults, templates and own properties, of which later ones win', async () => {
    const queues = `queues:
  a: { template: [worker, bulk], maxLength: 5 }
  b: { template: [bulk, worker] }
  c:
`
    expect(await queuesOf(SHAPES + queues)).toEqual({
      a: {
        type: 'quorum',
        deadLetter: true,
        bindings: ['audit'],
        retry: { delays: ['5s', '30s'] },
        maxLength: 5,
        maxLengthBytes: '2GiB',
        arguments: { 'x-a': 1, 'x-b': 3 },
      },
      b: {
        type: 'quorum',
        deadLetter: true,
        bindings: ['audit'],
        retry: { delays: ['5s', '30s'] },
        maxLength: 100,
        maxLengthBytes: '2GiB',
        arguments: { 'x-a': 1, 'x-b': 2 },
      },
      c: { type: 'quorum', deadLetter: true, bindings: ['audit'] },
    })
  })

  it('also exist for exchanges, users, publications and subscriptions', async () => {
    const text = `${HEAD}templates:
  t:
    exchanges: { type: topic }
    users: { tags: [monitoring] }
    publications: { routingKey: a }
    subscriptions: { prefetch: 5 }
exchanges: { e: { template: [t] } }
queues: { q: }
users: { u: { template: [t] } }
publications: { p: { template: [t], exchange: e } }
subscriptions: { s: { template: [t], queue: q } }
`
    const [vhost] = (await declaration(text)).vhosts

    expect(plain([vhost?.exchanges, vhost?.users, vhost?.publications, vhost?.subscriptions])).toEqual([
      { e: { type: 'topic' } },
      { u: { tags: ['monitoring'] } },
      { p: { routingKey: 'a', exchange: 'e' } },
      { s: { prefetch: 5, queue: 'q' } },
    ])
  })

  it('lose properties that are set to null, which is an error where it removes nothing', async () => {
    expect(await queuesOf(`${SHAPES}queues: { a: { template: [], deadLetter: null, bindings: null } }`)).toEqual({
      a: { type: 'quorum' },
    })
    expect(await findingsOf(`${SHAPES}queues: { a: { maxLenght: null, deadLeter: null } }`)).toEqual([
      't.yaml:9:16 null-removes-nothing: null removes what a template or default sets, and none of them sets "maxLenght" here',
      't.yaml:9:33 null-removes-nothing: null removes what a template or default sets, and none of them sets "deadLeter" here',
    ])
    expect(await hintsOf(`${SHAPES}queues: { a: { deadLeter: null } }`)).toEqual(['did you mean "deadLetter"?'])
  })

  it('let an object replace retry, deadLetter and message as a whole, and add its own bindings', async () => {
    const text = `${HEAD}exchanges: { a: , b: { type: topic } }
defaults:
  queues: { type: quorum, retry: { delay: 5s, attempts: 3 }, deadLetter: { maxLength: 5 }, bindings: [a] }
  subscriptions: { message: { maxBytes: 5 } }
queues:
  q: { retry: { delays: [1s] }, deadLetter: { messageTtl: 5s }, bindings: [{ exchange: b, routingKey: x }] }
subscriptions: { s: { queue: q, message: { contentType: text/plain } } }
`
    const [vhost] = (await declaration(text)).vhosts

    expect(plain([vhost?.queues, vhost?.subscriptions])).toEqual([
      {
        q: {
          type: 'quorum',
          retry: { delays: ['1s'] },
          deadLetter: { messageTtl: '5s' },
          bindings: ['a', { exchange: 'b', routingKey: 'x' }],
        },
      },
      { s: { queue: 'q', message: { contentType: 'text/plain' } } },
    ])
  })

  it('lose a property that an own property of the object excludes', async () => {
    const text = `${HEAD}defaults:
  users: { permissions: { read: ".*" }, passwordHash: "", hashingAlgorithm: rabbit_password_hashing_sha512 }
  publications: { exchange: e }
exchanges: { e: }
queues: { q: }
publications: { p: { queue: q } }
users: { u: { can: { publish: [p] }, password: "\${env:P}" } }
`
    const [vhost] = (await declaration(text)).vhosts

    expect(plain([vhost?.users, vhost?.publications])).toEqual([
      { u: { can: { publish: ['p'] }, password: '${env:P}' } },
      { p: { queue: 'q' } },
    ])
  })

  it('are not inherited by external objects and by queues that are named as dead-letter or delay queues', async () => {
    const queues = `queues:
  theirs: { external: true }
  lost: { type: classic }
  waiting: { type: quorum }
  q: { deadLetter: { queue: lost }, retry: { delays: [{ delay: 5s, queue: waiting }] } }
`
    expect(await queuesOf(SHAPES + queues)).toMatchObject({
      theirs: { external: true },
      lost: { type: 'classic' },
      waiting: { type: 'quorum' },
    })
    expect(Object.keys(((await queuesOf(SHAPES + queues)) as Record<string, object>)['lost'] ?? {})).toEqual(['type'])
    const named = `queues: { t: { external: true, template: [bulk] } }`
    expect(await findingsOf(SHAPES + named)).toEqual([
      't.yaml:9:32 template-without-effect: the queue "t" cannot inherit properties, because it is external',
    ])
  })

  it('leave out properties that the type of a queue does not support, unless a template sets them for it', async () => {
    const text = `${HEAD}defaults: { queues: { deadLetter: true, maxPriority: 5, maxLength: 9, arguments: { x-max-age: 1D } } }
templates: { t: { queues: { messageTtl: 5s } } }
queues:
  s: { type: stream, arguments: { x-max-age: 2D } }
  q: { type: quorum }
  n: { type: stream, deadLetter: null }
`
    expect(await queuesOf(text)).toEqual({
      s: { type: 'stream', arguments: { 'x-max-age': '2D' } },
      q: { type: 'quorum', deadLetter: true, maxLength: 9, arguments: {} },
      n: { type: 'stream', arguments: { 'x-max-age': '1D' } },
    })
  })

  it('use the type of the vhost if no queue has one', async () => {
    const text = `${HEAD}vhost: { name: v, defaultQueueType: stream }
defaults: { queues: { deadLetter: true } }
queues: { s: }
`
    expect(await queuesOf(text)).toEqual({ s: {} })
  })

  it('are shown as the positions of findings, which name the object that uses them', async () => {
    const text = `${HEAD}templates:
  t: { queues: { maxLength: many } }
queues: { a: { template: [t] } }
`
    const { findings } = await declareFiles(text)

    expect(findings.map(({ location, related }) => [location?.line, related])).toEqual([
      [
        4,
        [
          {
            label: 'used by the queue "a"',
            location: { file: 't.yaml', line: 5, column: 11, length: 1 },
          },
        ],
      ],
    ])
  })

  it('know the positions of inherited values, and the objects that use them', async () => {
    const { vhosts, locate } = await declaration(`${SHAPES}queues: { a: { template: [worker] } }`)
    const queue = vhosts[0]?.queues['a'] ?? {}
    const at = locate(queue.retry?.delays ?? {}, 1, 'value')

    expect(formatLocation(at)).toBe('t.yaml:7:45')
    expect(usesOf(at).map(({ label }) => label)).toEqual(['used by the queue "a"'])
    expect(formatLocation(locate(vhosts[0]?.queues ?? {}, 'a'))).toBe('t.yaml:9:11')
  })

  it('are checked even if nothing uses them', async () => {
    const text = `${HEAD}templates:
  t: { queues: { maxLenght: 5, maxLength: many, forEach: {}, external: true }, bindings: [] }
  u: 5
defaults: { queue: {}, queues: { template: [t], forEach: { a: [b] } } }
`
    expect(await findingsOf(text)).toEqual([
      't.yaml:4:18 unknown-key: unknown key "maxLenght"',
      't.yaml:4:43 wrong-value: maxLength: expected a whole number of at least 0, found the text "many"',
      't.yaml:4:49 not-inheritable: "forEach" cannot be inherited',
      't.yaml:4:62 not-inheritable: "external" cannot be inherited',
      't.yaml:4:80 unknown-key: unknown key "bindings"',
      't.yaml:5:6 wrong-value: u: expected a table of properties by section, found the number 5',
      't.yaml:6:13 unknown-key: unknown key "queue"',
      't.yaml:6:34 not-inheritable: "template" cannot be inherited',
      't.yaml:6:49 not-inheritable: "forEach" cannot be inherited',
    ])
  })

  it('are refused if a template does not exist or has no properties for the object, or if use is not a list of names', async () => {
    const text = `${SHAPES}queues: { a: { template: [wroker] }, b: { template: worker }, c: { template: [5] } }
exchanges: { e: { template: [bulk] } }
`
      .replace('exchanges: { events: { type: topic }, audit: }\n', '')
      .replace(', bindings: [audit]', '')

    expect(await findingsOf(text)).toEqual([
      't.yaml:8:27 template-unknown: there is no template "wroker"',
      't.yaml:8:53 wrong-value: template: expected a list of names of templates, found the text "worker"',
      't.yaml:8:79 wrong-value: template[0]: expected the name of a template, found the number 5',
      't.yaml:9:30 template-without-section: the template "bulk" has nothing for exchanges',
    ])
  })

  it('do not apply to other documents', async () => {
    const text = `${SHAPES}---\n${HEAD}queues: { plain: , worker: { template: [worker] } }`

    expect(await findingsOf(text)).toEqual(['t.yaml:12:41 template-unknown: there is no template "worker"'])
  })
})

describe('use', () => {
  const templates = 'warrenTemplates: 1\ntemplates:\n  worker: { queues: { type: quorum, maxLength: 5 } }\n'

  it('reads templates from files relative to the document, each once', async () => {
    const asked: string[] = []
    const text = `${HEAD}use: [../platform/t.yaml]\nqueues: { a: { template: [worker] } }\n`
    const { vhosts, locate } = await declaration(
      { 'shop/a.yaml': text, 'shop/b.yaml': text.replaceAll('a:', 'b:') },
      {},
      {
        readTemplates: async (path) => {
          asked.push(path)
          return { text: templates }
        },
      },
    )

    expect(plain(vhosts[0]?.queues)).toEqual({
      a: { type: 'quorum', maxLength: 5 },
      b: { type: 'quorum', maxLength: 5 },
    })
    expect(asked).toEqual(['platform/t.yaml'])
    expect(formatLocation(locate(vhosts[0]?.queues['a'] ?? {}, 'maxLength'))).toBe('platform/t.yaml:3:37')
  })

  it('reports files that cannot be read, hold no templates, or define one that exists', async () => {
    const text = `${HEAD}use: [gone.yaml, shop.yaml, new.yaml, good.yaml, bad.yaml]
templates: { worker: {} }
`
    const files = {
      'shop.yaml': HEAD,
      'new.yaml': 'warrenTemplates: 2\n',
      'good.yaml': templates,
      'bad.yaml': 'warrenTemplates: 1\ntemplate: {}\n',
    }
    expect(await findingsOf(text, {}, reading(files))).toEqual([
      't.yaml:3:7 file-unreadable: cannot read gone.yaml: there is no such file',
      't.yaml:4:14 template-twice: the template "worker" is defined twice',
      'shop.yaml:1:1 templates-kind: shop.yaml is not a template file',
      'new.yaml:1:18 templates-version: the templates are written in format 2, and this version of warren reads format 1',
      'bad.yaml:2:1 unknown-key: unknown key "template"',
    ])
  })

  it('must be a list of paths', async () => {
    expect(await findingsOf(`${HEAD}use: t.yaml`)).toEqual([
      't.yaml:3:6 wrong-value: use: expected a list of paths of files of templates, found the text "t.yaml"',
    ])
    expect(await findingsOf(`${HEAD}use: [5]`)).toEqual([
      't.yaml:3:7 wrong-value: use[0]: expected the path of a template file, found the number 5',
    ])
  })
})
