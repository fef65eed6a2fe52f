/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { InvalidInputError, WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { compile, compiledTopology, parseCompiled } from '../../../src/desired/load/compiled-topology.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { at, expanded, type Sections } from '../expand/declared.ts'

const SECTIONS: Sections = {
  claim: { name: '/', tags: ['a'], limits: { maxQueues: 50 }, defaultQueueType: 'classic' },
  exchanges: { events: { type: 'topic' }, __proto__: {}, theirs: { external: true } },
  queues: {
    email: {
      type: 'quorum',
      bindings: [{ exchange: 'events', routingKey: 'mail.#' }],
      retry: { delays: ['0s', '5s'] },
      deadLetter: true,
    },
    discarding: { type: 'classic', retry: { delay: '5s', attempts: 2, then: 'discard' } },
    log: { type: 'stream', maxAge: '7d' },
  },
  publications: {
    mail: {
      exchange: 'events',
      routingKey: 'mail.{kind}',
      headers: { __proto__: 'x', b: [1, { c: true }] },
      expiration: '1m',
      priority: 1,
      message: { schema: 'mail.json', maxBytes: '1MB' },
    },
  },
  subscriptions: {
    mails: { queue: 'email', prefetch: 10, concurrency: 2, rateLimit: '50/s', timeout: '1m', idempotencyKey: 'id' },
    discarding: { queue: 'discarding' },
    first: { queue: 'log', offset: 'first' },
    number: { queue: 'log', offset: 5, onFailure: 'stop' },
    time: { queue: 'log', offset: '2026-01-31', message: { contentType: 'text/plain' } },
  },
  users: { mailer: { password: 'hunter2', can: { publish: ['mail'] } } },
}

const desired = expanded(SECTIONS, () => ({ schema: { type: 'object', properties: { id: { type: 'string' } } } }))

function failureOf(text: string): { message: string; code?: string } {
  try {
    parseCompiled(text)
  } catch (error) {
    if (error instanceof WarrenError) return { message: error.message, code: error.code }
  }
  return { message: 'nothing was thrown' }
}

describe('a compiled topology', () => {
  it('is read back as written', () => {
    expect(parseCompiled(compile(desired))).toEqual(compiledTopology(desired))
    expect(parseCompiled(`\uFEFF${compile(desired)}`)).toEqual(compiledTopology(desired))
  })

  it('contains what programs need, and nothing about users', () => {
    const { vhosts, exchanges, queues, bindings } = desired.topology
    const compiled = parseCompiled(compile(desired))

    expect(Object.keys(compiled)).toEqual(['format', 'project', 'vhosts', 'exchanges', 'queues', 'bindings', 'routes'])
    expect(
      [compiled.vhosts, compiled.exchanges, compiled.queues, compiled.bindings].map((each) => each.length),
    ).toEqual([vhosts, exchanges, queues, bindings].map((each) => each.length))
    expect(compiled.routes).toEqual({
      publications: desired.routes.publications.map(({ origin: _origin, ...rest }) => rest),
      subscriptions: desired.routes.subscriptions.map(({ origin: _origin, ...rest }) => rest),
    })
    expect(compile(desired)).not.toMatch(/hunter2|mailer|origin|queues\.email/)
  })

  it('is the same text for the same topology', () => {
    const again = expanded(structuredClone(SECTIONS), () => ({
      schema: { properties: { id: { type: 'string' } }, type: 'object' },
    }))

    expect(compile(again)).toBe(compile(desired))
  })

  it('follows its schema', async () => {
    const schema: unknown = JSON.parse(await readFile('schemas/compiled.schema.json', 'utf8'))
    const ajv = new Ajv2020({ strict: true, allErrors: true, strictTypes: false })
    const validate = ajv.compile(schema as object)

    expect([validate(JSON.parse(compile(desired))), validate.errors]).toEqual([true, null])
  })

  it.each([
    ['a string that came from a file', 'sesame-open', ['sesame-open']],
    ['a login in a URI', 'amqp://svc:pa55word@mq', []],
  ])('contains no secret: %s', (_what, note, secrets) => {
    const queues = { ...SECTIONS.queues, noted: { type: 'classic' as const, arguments: { 'x-note': note } } }
    const noted = expanded({ queues, exchanges: { events: { type: 'topic' } } })

    expect(() => compile({ ...noted, secrets: secrets.map((each) => new Secret(each)) })).toThrow(
      new InvalidInputError([{ code: 'secret-in-compiled', args: {}, location: at('queues.noted') }], new Map()),
    )
  })

  it('may contain a name that equals a password', () => {
    const secrets = ['hunter2', 'mails', ''].map((each) => new Secret(each))

    expect(compile({ ...desired, secrets: secrets.slice(0, 1) })).toBe(compile(desired))
    expect(compile({ ...desired, secrets })).toBe(compile(desired))
  })

  it.each([
    ['', /^this is not a compiled topology: .*JSON/],
    ['warren: 1', /^this is not a compiled topology: .*JSON/],
    ['[]', /^this is not a compiled topology: it has no format version$/],
    ['{}', /^this is not a compiled topology: it has no format version$/],
    ['{"format":1}', /^this is not a compiled topology: parts of it are missing$/],
    ['{"format":1,"project":"p","vhosts":[1],"exchanges":[],"queues":[],"bindings":[]}', /parts of it are missing$/],
    ['{"format":2}', /reads compiled topologies of format 1, but this topology is of format 2$/],
  ])('is not read from anything else: %s', (text, message) => {
    expect(failureOf(text)).toEqual({ message: expect.stringMatching(message), code: 'INVALID_COMPILED_TOPOLOGY' })
  })

  it('is read without the libraries and stages that created it', async () => {
    const seen = new Set<string>()
    const packages = new Set<string>()
    const visit = async (url: URL): Promise<void> => {
      if (seen.has(url.pathname)) return
      seen.add(url.pathname)
      const text = await readFile(url, 'utf8')
      for (const [, kind, from = ''] of text.matchAll(/^(import|export) (?!type)[^'"]*from '([^']+)'/gm)) {
        if (kind !== undefined && from.startsWith('.')) await visit(new URL(from, url))
        else packages.add(from)
      }
    }
    await visit(new URL('../../../src/desired/load/compiled-topology.ts', import.meta.url))

    expect([...packages]).toEqual(['node:util'])
    expect([...seen].map((path) => path.split('/').at(-2))).not.toContain('expand')
  })
})
