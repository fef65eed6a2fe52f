import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checksumOf } from '../../../src/plan/saved/checksum.ts'
import { digestOf } from '../../../src/plan/saved/digest.ts'
import type { SavedPlan } from '../../../src/plan/saved/saved-plan.ts'
import { amqpUrl, freshName, freshVhost, ownBroker, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

// An unreadable record blocks the deletes of other projects.
ownBroker()

type Edit = (plan: SavedPlan) => Partial<Record<keyof SavedPlan, unknown>>

const NONE = 'exchanges:\n  kept: {}\n'

/** A project that has applied one topology, and saves plans of others. */
async function place(first: string) {
  const vhost = await freshVhost()
  const head = `warren: 1\nproject: shop\nvhost: ${vhost}\n`
  const folder = await files({ 'topology.yaml': head + first })
  const { api } = await testBroker()
  const run = (args: readonly string[], environment = {}) => warren(args, { folder, environment })
  expect(await run(['apply', '-y', 'topology.yaml'])).toMatchObject({ code: 0 })
  const record = ['global-parameters', recordName({ project: 'shop', vhost })]
  return {
    vhost,
    api,
    run,
    folder,
    /** Saves a plan, whether it is blocked or not. */
    plan: async (text: string, ...options: readonly string[]) => {
      await writeFile(`${folder}/topology.yaml`, head + text)
      await run(['plan', 'topology.yaml', '--out', 'plan.json', ...options])
      return JSON.parse(await readFile(`${folder}/plan.json`, 'utf8')) as SavedPlan
    },
    /** Edits the saved plan as an attacker does, who computes its digest and its checksum again. */
    forge: async (edit: Edit) => {
      const plan = JSON.parse(await readFile(`${folder}/plan.json`, 'utf8')) as SavedPlan
      const edited = JSON.parse(JSON.stringify({ ...plan, ...edit(plan) })) as SavedPlan
      const named = { ...edited, digest: digestOf(edited) }
      await writeFile(`${folder}/forged.json`, JSON.stringify({ ...named, checksum: checksumOf(named) }))
      return plan.digest
    },
    publish: async (queue: string) => {
      const connection = await connect(await amqpUrl(vhost))
      const channel = await connection.createConfirmChannel()
      channel.sendToQueue(queue, Buffer.from('1'), { persistent: true })
      await channel.waitForConfirms()
      await connection.close()
    },
    queues: async () => ((await api.get<{ name: string }[]>(['queues', vhost])) ?? []).map(({ name }) => name),
    record: async () => (await api.get<{ value: Record<string, unknown> }>(record))?.value,
    setRecord: (value: object) => api.put(record, { value }),
  }
}

const queue = (more = '') => `queues:\n  q: { type: classic${more} }\n${NONE}`
const applied = ['apply', 'forged.json']

describe('a saved plan whose checksum was computed again by an attacker', () => {
  it('deletes no protected queue, even if the blocks were removed from the plan and it changes the record', async () => {
    const { vhost, run, plan, forge, queues, record } = await place(queue(', protect: true'))
    expect((await plan(NONE, '--prune')).blocks).toMatchObject([{ reason: 'protected' }])
    const at = `queue:${vhost}/q`

    await forge(() => ({ blocks: [] }))
    expect(await run(applied)).toMatchObject({ code: 4, stdout: expect.stringContaining('protect') })
    const unprotect = { vhost, adopt: [], release: [at], forget: [], drop: [], protect: [], unprotect: [at], take: [] }
    const owners = { [at]: 'owned' }
    await forge((edited) => ({ blocks: [], owners, ownership: { ...edited.ownership, records: [unprotect] } }))
    expect(await run(applied)).toMatchObject({ code: 5, stderr: expect.stringContaining('found protected') })
    expect([await queues(), (await record())?.['protected']]).toEqual([['q'], [at]])
  })

  it('deletes no queue with messages, whatever it says about blocks and impact', async () => {
    const { run, plan, forge, publish, queues } = await place(queue())
    await plan(NONE, '--prune')
    await publish('q')
    const raised: Edit = ({ changes }) => ({
      blocks: [],
      changes: changes.map((each) =>
        'impact' in each ? { ...each, impact: { ...each.impact, messages: 9, consumers: 9 } } : each,
      ),
    })

    await forge(raised)
    expect(await run(applied)).toMatchObject({ code: 4, stdout: expect.stringContaining('would lose 1 message') })
    await plan(NONE, '--prune')
    await forge(raised)
    expect(await run(applied)).toMatchObject({ code: 4, stdout: expect.stringContaining('would lose 1 message') })
    expect(await queues()).toEqual(['q'])
  })

  it('deletes no more than a prune may, although the block was removed', async () => {
    const many = Array.from({ length: 12 }, (_, at) => `  q${at}: { type: classic }\n`).join('')
    const { run, plan, forge, queues } = await place(`queues:\n${many}${NONE}`)
    expect((await plan(NONE, '--prune')).blocks).toMatchObject([{ reason: 'too-many-deletes' }])

    await forge(() => ({ blocks: [] }))
    expect(await run(applied)).toMatchObject({ code: 4, stdout: expect.stringContaining('--max-deletes') })
    expect(await queues()).toHaveLength(12)
  })

  it('changes only owned objects, and only as the plan says', async () => {
    const { vhost, api, run, plan, forge } = await place(NONE)
    const limit = { pattern: '^q', definition: { 'max-length': 5 }, 'apply-to': 'queues' }
    await api.put(['policies', vhost, 'limit'], limit)
    const declared = 'policies:\n  limit: { pattern: "^q", applyTo: queues, definition: { max-length: 6 } }\n'
    const { preconditions } = await plan(declared + NONE)

    await forge(() => ({ blocks: [] }))
    expect(await run(applied)).toMatchObject({ code: 4, stdout: expect.stringContaining('without an owner') })
    await forge(({ changes }) => ({
      blocks: [],
      preconditions,
      changes: changes.map((each) => ({ ...each, action: 'create', before: undefined, differences: undefined })),
    }))
    expect((await run(applied)).code).toBe(5)
    expect(await api.get(['policies', vhost, 'limit'])).toMatchObject({ definition: { 'max-length': 5 } })
  })

  it('changes nothing in a vhost that it does not name', async () => {
    const { run, plan, forge } = await place(NONE)
    await plan(queue())

    await forge(() => ({ vhosts: ['/another'] }))
    expect(await run(applied)).toMatchObject({ code: 3, stderr: expect.stringContaining('saved-plan-changed') })
  })

  it('sets no other password than the one whose reference was shown and whose digest was pinned', async () => {
    const { vhost, api, run, plan, forge } = await place(NONE)
    const user = freshName('user')
    onTestFinished(() => api.delete(['users', user]))
    const declared = `users:\n  ${user}: { password: "\${env:GOOD}", permissions: { read: "^q$" } }\n`
    await plan(declared + NONE)
    const digest = await forge(({ changes }) => ({
      changes: changes.map((each) =>
        each.kind === 'user' && each.action === 'create'
          ? {
              ...each,
              after: {
                ...each.after,
                credential: {
                  kind: 'password',
                  written: { ...each.after.credential?.written, reference: '${env:EVIL}' },
                },
              },
            }
          : each,
      ),
    }))
    const environment = { GOOD: 'g00d-word', EVIL: 'ev1l-word' }

    expect((await run(['show', 'plan.json'])).stdout).toMatch(/password +from \$\{env:GOOD\} {2}\(topology\.yaml:5/)
    expect((await run(['show', 'forged.json'])).stdout).toMatch(/password +from \$\{env:EVIL\}/)
    expect((await run(['apply', 'forged.json', '--expect-digest', digest], environment)).code).toBe(5)
    expect(await api.get(['permissions', vhost, user])).toBeUndefined()
    expect(await run(['apply', 'plan.json', '--expect-digest', digest], environment)).toMatchObject({ code: 0 })
  })
})

describe('a forged plan of renames, hashes and references', () => {
  const both = 'queues:\n  old: { type: classic }\n  victim: { type: classic }\n' + NONE

  it('renames only the queue that it names, and moves only the objects that it shows', async () => {
    const { vhost, run, plan, forge, queues } = await place(both)
    await plan('queues:\n  new: { type: classic, renamedFrom: old }\n  victim: { type: classic }\n' + NONE)
    const edits: readonly object[] = [
      { from: `queue:${vhost}/victim` },
      { carries: [{ from: 'binding:a', to: 'binding:b' }] },
    ]

    for (const edit of edits) {
      await forge(({ changes }) => ({ changes: changes.map((each) => ({ ...each, ...edit })) }))
      expect([3, 5]).toContain((await run(applied)).code)
    }
    await forge(({ changes }) => ({
      changes: changes.map((each) => ({
        ...each,
        after: { ...('after' in each && each.after), renamedFrom: 'victim' },
      })),
    }))
    expect(await run(applied)).toMatchObject({ code: 3, stderr: expect.stringContaining('not renamed from') })
    expect((await queues()).toSorted()).toEqual(['old', 'victim'])
    expect(await run(['apply', 'plan.json'])).toMatchObject({ code: 0 })
  })

  it('sets no hash and no value that the plan contains without a reference', async () => {
    const { api, run, plan, forge } = await place(NONE)
    const user = freshName('user')
    onTestFinished(() => api.delete(['users', user]))
    await plan(`users:\n  ${user}: { passwordHash: "\${env:HASH}" }\n` + NONE)
    const location = { file: 'topology.yaml', line: 1, column: 1 }
    const credentials: readonly object[] = [
      { kind: 'hash' },
      { kind: 'hash', written: { location } },
      { kind: 'hash', written: { location, reference: 'a-literal-hash' } },
      { kind: 'password', written: { location } },
    ]
    const edits: readonly object[] = [
      ...credentials.map((credential) => ({ credential })),
      { references: [{ path: ['name'], reference: '${env:HASH}', location }] },
      { references: [{ path: ['tags', 0], reference: 'administrator', location }], tags: ['(secret)'] },
      { references: [{ path: [], reference: '${env:HASH}', location }] },
    ]

    for (const edit of edits) {
      await forge(({ changes }) => ({
        changes: changes.map((each) => ({ ...each, after: { ...('after' in each && each.after), ...edit } })),
      }))
      expect([edit, await run(applied, { HASH: 'aGFzaA==' })]).toMatchObject([
        edit,
        { code: 3, stderr: expect.stringContaining('saved-plan-changed') },
      ])
    }
    expect(await api.get(['users', user])).toBeUndefined()
  })
})

describe('a saved plan that does not say what it does', () => {
  const policy = (length: number) => `policies:\n  p: { pattern: "^q", definition: { max-length: ${length} } }\n`
  const zero = { 'max-length': 0 }

  it.each<[string, object, object]>([
    ['next to references that refer to no part of it', { definition: zero, references: [] }, {}],
    ['next to a masked value', { definition: zero }, { before: '(secret)' }],
    ['behind a mask', { definition: zero }, { before: '(secret)', after: '(secret)' }],
  ])('changes nothing: %s', async (_where, after, difference) => {
    const { vhost, api, run, plan, forge } = await place(policy(5))
    await plan(policy(6))
    await forge(({ changes }) => ({
      changes: changes.map((each) => ({
        ...each,
        after: { ...('after' in each && each.after), ...after },
        differences: 'differences' in each ? each.differences.map((one) => ({ ...one, ...difference })) : [],
      })),
    }))

    expect((await run(applied)).code).toBe(5)
    expect(await api.get(['policies', vhost, 'p'])).toMatchObject({ definition: { 'max-length': 5 } })
  })

  it('forgets no existing object, and adopts no missing one', async () => {
    const protectedQueue = queue(', protect: true')
    const { vhost, run, plan, forge, record } = await place(protectedQueue)
    const [at, none] = [`queue:${vhost}/q`, `queue:${vhost}/none`]
    const nothing = { vhost, adopt: [], release: [], forget: [], drop: [], protect: [], unprotect: [], take: [] }
    const recording = (lists: object) =>
      forge(({ ownership }) => ({ ownership: { ...ownership, records: [{ ...nothing, ...lists }] } }))
    await plan(protectedQueue)
    const before = await record()

    await recording({ forget: [at] })
    expect(await run(applied)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Forgotten') })
    await recording({ forget: [at], unprotect: [at] })
    expect((await run(applied)).code).toBe(0)
    await recording({ adopt: [none] })
    expect(await run(applied)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`${none}: planned from present`),
    })
    expect(await record()).toEqual(before)
  })
})

describe('a saved plan made only of updates', () => {
  it('does not overwrite a record that is damaged or has a newer format', async () => {
    const policy = (length: number) => `policies:\n  p: { pattern: "^q", definition: { max-length: ${length} } }\n`
    const { vhost, run, plan, record, setRecord, api } = await place(policy(5))
    expect((await plan(policy(6))).changes).toMatchObject([{ action: 'update' }])
    const before = await record()

    for (const unreadable of [
      { ...before, format: 99 },
      { format: 2, owned: 'all' },
    ]) {
      await setRecord(unreadable)
      expect(await run(['apply', 'plan.json'])).toMatchObject({ code: 4, stdout: expect.stringContaining('record') })
      expect(await record()).toEqual(unreadable)
    }
    expect(await api.get(['policies', vhost, 'p'])).toMatchObject({ definition: { 'max-length': 5 } })
    await setRecord(before ?? {})
    expect(await run(['apply', 'plan.json'])).toMatchObject({ code: 0 })
  })
})

describe('an undo file', () => {
  it('is refused after any edit, and deletes nothing that is protected', async () => {
    const { vhost, run, folder, queues } = await place(NONE)
    const declared = 'queues:\n  kept: { type: classic, protect: true }\n  q: { type: classic }\n'
    await writeFile(`${folder}/topology.yaml`, `warren: 1\nproject: shop\nvhost: ${vhost}\n${declared}${NONE}`)
    expect(await run(['apply', '-y', '--out-undo', 'undo.json', 'topology.yaml'])).toMatchObject({ code: 0 })
    const undo = await readFile(`${folder}/undo.json`, 'utf8')
    await writeFile(`${folder}/edited.json`, undo.replace('"prune": false', '"prune": true'))

    expect((await run(['apply', 'edited.json'])).stderr).toContain('saved-plan-changed')
    expect((await run(['show', 'undo.json'])).stdout).toContain(`queue:${vhost}/kept, which is kept: it is protected`)
    expect(await run(['apply', 'undo.json'])).toMatchObject({ code: 0 })
    expect(await queues()).toEqual(['kept'])
  })
})
