import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compiledTopology } from '../../../src/desired/load/compiled-topology.ts'
import type { VhostDeclaration } from '../../../src/desired/declaration/document.ts'
import { declare } from '../../../src/desired/declaration/declare.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'
import { canonicalJson } from '../../../src/model/address.ts'
import type { Queue, Topology } from '../../../src/model/topology.ts'
import { exportSnapshot } from '../../../src/operations/insight/export.ts'
import { fileWithFailurePaths } from '../../builders/arbitrary/arbitrary-failure-paths.ts'
import { snapshotOf } from '../../builders/snapshot-of.ts'
import { randomCases } from '../../thorough.ts'

const FOLDER = 'topologies'

/** Every topology of the folder, with its overlays. Templates and overlays are not topologies by themselves. */
const FILES: readonly { readonly path: string; readonly overlays: readonly string[] }[] = [
  ...readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => ({ path: join(FOLDER, name), overlays: [] })),
  ...readdirSync(join(FOLDER, 'environments')).map((name) => ({
    path: join(FOLDER, 'environments.yaml'),
    overlays: [join(FOLDER, 'environments', name)],
  })),
  ...readdirSync(join(FOLDER, 'repeated'))
    .filter((name) => name.endsWith('.yaml') && name !== 'templates.yaml')
    .map((name) => ({ path: join(FOLDER, 'repeated', name), overlays: [] })),
]

/** Every variable has a value. */
const ENVIRONMENT = new Proxy({}, { get: () => 'value', has: () => true, getOwnPropertyDescriptor: () => undefined })

async function load(path: string, overlays: readonly string[] = []) {
  let vhosts: readonly VhostDeclaration[] = []
  const { desired, findings } = await loadTopology({
    paths: [path],
    overlays,
    environment: ENVIRONMENT,
    onDeclared: ({ declaration }) => {
      vhosts = declaration?.vhosts ?? []
    },
  })
  if (desired === undefined) throw new Error(JSON.stringify(findings))
  return { desired, vhosts }
}

/** Exports a topology, and loads the exported files. */
async function exportAndLoad(topology: Topology, project: string) {
  const { topologies, verification } = await exportSnapshot(snapshotOf(asLive(topology)), {
    singleProject: project,
    includeTransient: true,
  })
  expect(verification.differences).toEqual([])
  return { ...(await read(topologies)), text: topologies.map(({ text }) => text).join('') }
}

async function read(sources: readonly { readonly path: string; readonly text: string }[]) {
  const options = { overlays: [], environment: {}, variables: {}, vhosts: {} }
  const { declaration, findings } = await declare({ sources, ...options })
  if (declaration === undefined) throw new Error(JSON.stringify(findings))
  const { desired, findings: more } = expand(declaration, () => ({ schema: true }))
  expect(more.filter((each) => explainFinding(each).severity === 'error')).toEqual([])
  return { desired, vhosts: declaration.vhosts }
}

/** A topology in the form in which a broker would contain it. */
function asLive(declared: Topology): Topology {
  const bare = <T extends object>(objects: readonly T[]): T[] =>
    objects.map((each) => {
      const { origin: _origin, role: _role, protect: _protect, ...rest } = each as T & Record<string, unknown>
      return rest as unknown as T
    })
  const { users, ...rest } = declared
  const plain = Object.fromEntries(Object.entries(rest).map(([key, list]) => [key, bare(list as readonly object[])]))
  return { ...(plain as unknown as Topology), users: bare(users).map(({ credential: _c, ...each }) => each) }
}

/** Sections of files that do not exist on a broker. */
const NOT_ON_THE_BROKER = new Set(['publications', 'subscriptions', 'messages', 'origin'])

/**
 * The part of files that a broker can show. It has no routes, no passwords and no explicit defaults; `can` appears as
 * permissions, and a ladder as its delay queues without their order and use. The order of bindings has no meaning.
 */
function onBroker(vhosts: readonly VhostDeclaration[], { permissions, queues: all }: Topology): unknown {
  const plain = JSON.parse(JSON.stringify(vhosts)) as Record<string, Record<string, Record<string, unknown>>>[]
  return plain.map((vhost) => ({
    ...Object.fromEntries(Object.entries(vhost).filter(([key]) => !NOT_ON_THE_BROKER.has(key))),
    users: permissions.map(({ user, configure, write, read }) => [user, configure, write, read].join(' ')).toSorted(),
    queues: Object.fromEntries(
      Object.entries(vhost['queues'] ?? {}).map(([name, { bindings, retry, overflow, ...rest }]) => {
        const isDelay = ({ role }: Queue) => role?.kind === 'delay' && role.of === name
        return [
          name,
          {
            ...rest,
            ...(overflow !== 'reject-publish' && overflow !== undefined && { overflow }),
            ...(bindings !== undefined && {
              bindings: (bindings as unknown[]).map((each) => canonicalJson(each)).toSorted(),
            }),
            ...(retry !== undefined && {
              retry: {
                ...(retry as object),
                ...NO_DELAYS,
                queues: all
                  .filter(isDelay)
                  .map((each) => each.name)
                  .toSorted(),
              },
            }),
          },
        ]
      }),
    ),
  }))
}

const NO_DELAYS = {
  delay: undefined,
  delays: undefined,
  initial: undefined,
  factor: undefined,
  max: undefined,
  attempts: undefined,
}

describe('an export of a topology from a file', () => {
  it.each(FILES.map((each) => ({ ...each, title: [each.path, ...each.overlays].join(' with ') })))(
    'folds back to $title',
    async ({ path, overlays }) => {
      const before = await load(path, overlays)
      const after = await exportAndLoad(before.desired.topology, before.desired.project)

      expect(onBroker(after.vhosts, after.desired.topology)).toEqual(onBroker(before.vhosts, before.desired.topology))
      const { routes: _routes, vhosts: _before, ...compiled } = compiledTopology(before.desired)
      const { routes: _none, vhosts: _after, ...again } = compiledTopology(after.desired)
      expect(canonicalJson(again)).toBe(canonicalJson(compiled))
      // Loading the export derives the same objects.
      const roles = ({ queues }: Topology) => queues.map(({ name, role }) => ({ name, role }))
      expect(roles(after.desired.topology)).toEqual(roles(before.desired.topology))
    },
  )
})

/** A queue in a file, and its form in an export: the same text by default. */
interface ShortForm {
  readonly queues: string
  readonly policies?: string
  readonly written: string
}

const SHORT_FORMS: Readonly<Record<string, ShortForm>> = {
  'dead letters by a policy': {
    queues: '{ q: { type: classic, deadLetter: { by: policy } } }',
    written: '{ type: classic, deadLetter: { by: policy } }',
  },
  'dead letters of a quorum queue by a policy, kept at most once': {
    queues: '{ q: { type: quorum, deadLetter: { by: policy, strategy: at-most-once, maxLength: 5 } } }',
    written: '{ type: quorum, deadLetter: { strategy: at-most-once, by: policy, maxLength: 5 } }',
  },
  'a ladder with dead letters by a policy': {
    queues: '{ q.a+b: { type: quorum, retry: { delays: [5s, 1m] }, deadLetter: { by: policy, queue: q.dead } } }',
    written: '{ type: quorum, retry: { delays: [5s, 1m] }, deadLetter: { queue: q.dead, by: policy } }',
  },
  'a policy that displaces another one': {
    queues: '{ q: { type: quorum, deadLetter: { by: policy } } }',
    policies: '{ limits: { pattern: ^q$, applyTo: queues, definition: { max-length: 7, overflow: drop-head } } }',
    written: '{ type: quorum, deadLetter: { by: policy } }',
  },
  'a native retry': {
    queues: '{ q: { type: quorum, retry: { mode: native, initial: 5s, max: 1m, attempts: 20 }, deadLetter: true } }',
    written: '{ type: quorum, retry: { mode: native, initial: 5s, max: 1m, attempts: 20 }, deadLetter: true }',
  },
  'a native retry that never reaches a longest wait': {
    queues: '{ q: { type: quorum, retry: { mode: native, initial: 5s, attempts: 3 }, deadLetter: true } }',
    written: '{ type: quorum, retry: { mode: native, initial: 5s, attempts: 3 }, deadLetter: true }',
  },
  'a native retry with equal waits and a policy': {
    queues: '{ q: { type: quorum, retry: { mode: native, delay: 30s, attempts: 3 }, deadLetter: { by: policy } } }',
    written: '{ type: quorum, retry: { mode: native, delay: 30s, attempts: 3 }, deadLetter: { by: policy } }',
  },
  'a native retry that discards, of which the broker does not know how often it is tried': {
    queues: '{ q: { type: quorum, retry: { mode: native, delays: [5s, 10s, 10s], then: discard } } }',
    written: '{ type: quorum, retry: { mode: native, initial: 5s, attempts: 2, then: discard } }',
  },
  'a native retry with a limit of its own that is too high for the number of attempts': {
    queues:
      '{ q: { type: quorum, deliveryLimit: 5000, retry: { mode: native, delay: 5s, attempts: 3 }, deadLetter: true } }',
    written: '{ type: quorum, deliveryLimit: 5000, retry: { mode: native, delay: 5s, attempts: 1 }, deadLetter: true }',
  },
}

const FAILURE_PATHS = randomCases(40, 500)

const ROUTE = { 'dead-letter-exchange': 'q.failed', 'dead-letter-routing-key': 'dead' }

describe('a short form', () => {
  async function exported({ queues, policies = '{}' }: Omit<ShortForm, 'written'>) {
    const text = `warren: 1\nproject: shop\nvhost: /\nqueues: ${queues}\npolicies: ${policies}\n`
    const { desired } = await read([{ path: 'topology.yaml', text }])
    const after = await exportAndLoad(desired.topology, 'shop')
    return { before: desired, ...after }
  }

  it.each(Object.keys(SHORT_FORMS))('is found: %s', async (name) => {
    const form = SHORT_FORMS[name] ?? { queues: '', written: '' }
    const { before, desired, vhosts, text } = await exported(form)

    expect(JSON.parse(JSON.stringify(Object.values(vhosts[0]?.queues ?? {})))).toEqual([parse(form.written)])
    expect(Object.keys(vhosts[0]?.policies ?? {})).toEqual(Object.keys(parse(form.policies ?? '{}') as object))
    expect(canonicalJson(desired.topology.queues.map(withoutOrigin))).toBe(
      canonicalJson(before.topology.queues.map(withoutOrigin)),
    )
    // The export neither declares the exchange or the policy separately nor names it in a comment.
    expect(text).not.toContain('.failed')
  })

  it.each([
    ['a policy with another priority', { priority: 99 }],
    ['a policy with another pattern', { pattern: '^q' }],
    ['a policy with a key that no displaced policy has', { definition: { ...ROUTE, 'max-length': 3 } }],
    ['a policy of all kinds', { applyTo: 'all' as const }],
  ])('is not used for %s', async (_name, changed) => {
    const queues = '{ q: { type: classic, deadLetter: { by: policy } } }'
    const text = `warren: 1\nproject: shop\nvhost: /\nqueues: ${queues}\n`
    const { desired } = await read([{ path: 'topology.yaml', text }])
    const policies = desired.topology.policies.map((each) => ({ ...each, ...changed }))
    const { vhosts } = await exportAndLoad({ ...desired.topology, policies }, 'shop')

    expect(Object.keys(vhosts[0]?.policies ?? {})).toEqual(['q.failed'])
    expect(vhosts[0]?.queues['q']).not.toHaveProperty('deadLetter')
  })

  it(
    'is found in any topology that has one, and never for objects that differ',
    { timeout: 60_000 + FAILURE_PATHS * 2_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fileWithFailurePaths, async (file) => {
          const before = await read([{ path: 'topology.yaml', text: JSON.stringify(file) }]).catch(() => undefined)
          fc.pre(before !== undefined)
          const { desired, vhosts } = await exportAndLoad(before.desired.topology, 'shop')
          expect(canonicalJson(desired.topology.queues.map(withoutOrigin))).toBe(
            canonicalJson(before.desired.topology.queues.map(withoutOrigin)),
          )
          expect(Object.keys(vhosts[0]?.queues ?? {}).toSorted()).toEqual(Object.keys(file.queues).toSorted())
        }),
        { numRuns: FAILURE_PATHS },
      )
    },
  )

  it('is not used with --fold none', async () => {
    const { desired } = await load('topologies/guide-retry-queue.yaml')
    const { topologies, verification } = await exportSnapshot(snapshotOf(asLive(desired.topology)), { fold: false })

    expect(verification.differences).toEqual([])
    expect(topologies.map(({ text }) => text).join('')).not.toMatch(/^ *(?:retry|deadLetter):/m)
  })
})

function withoutOrigin({ origin: _origin, ...rest }: Queue): object {
  return rest
}
