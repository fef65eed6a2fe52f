import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { checksumOf } from '../../../src/plan/saved/checksum.ts'
import { freshVhost, ownBroker, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

// A damaged record affects every project that deletes users.
ownBroker()

const POLICY = (length: number) => `policies:\n  limit: { pattern: "^q", definition: { max-length: ${length} } }\n`

/** The project `shop` owns a queue and a policy, and saves plans that delete both, and that change the policy. */
async function place() {
  const vhost = await freshVhost()
  const head = (project: string) => `warren: 1\nproject: ${project}\nvhost: ${vhost}\n`
  const queue = 'queues:\n  q: { type: classic }\n'
  const folder = await files({
    'both.yaml': head('shop') + queue + POLICY(5),
    'changed.yaml': head('shop') + queue + POLICY(6),
    'none.yaml': `${head('shop')}exchanges:\n  kept: {}\n`,
    'other.yaml': `${head('billing')}queues:\n  q: { type: classic, protect: true }\n${POLICY(5)}`,
  })
  const run = (...args: string[]) => warren(args, { folder })
  expect(await run('apply', '-y', 'both.yaml')).toMatchObject({ code: 0 })
  expect(await run('plan', '--prune', '--out', 'delete.json', 'none.yaml')).toMatchObject({ code: 0 })
  expect(await run('plan', '--out', 'change.json', 'changed.yaml')).toMatchObject({ code: 0 })
  const { api } = await testBroker()
  const state = async () => {
    const policy = await api.get<{ definition: Record<string, unknown> }>(['policies', vhost, 'limit'])
    const queues = (await api.get<{ name: string }[]>(['queues', vhost])) ?? []
    return [queues.map(({ name }) => name), policy?.definition['max-length']]
  }
  return { vhost, folder, run, api, state }
}

describe('a saved plan', () => {
  it('neither deletes nor changes an object that another project owns in the meantime', async () => {
    const { run, state } = await place()
    expect(await run('apply', '-y', '--prune', 'none.yaml')).toMatchObject({ code: 0 })
    expect(await run('apply', '-y', 'other.yaml')).toMatchObject({ code: 0 })

    expect(await run('apply', 'delete.json')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/queue:.*\/q: planned from owned by this project, found owned by another project/),
    })
    expect(await run('apply', 'change.json')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/policy:.*\/limit: .*found owned by another project/),
    })
    expect(await state()).toEqual([['q'], 5])
  })

  it('does not delete an object that was recreated manually', async () => {
    const { vhost, run, api, state } = await place()
    expect(await run('apply', 'delete.json')).toMatchObject({ code: 0 })
    await api.put(['queues', vhost, 'q'], { durable: true, arguments: { 'x-queue-type': 'classic' } })

    expect(await run('apply', 'delete.json')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/queue:.*\/q: planned from owned by this project, found not owned by any project/),
    })
    expect(await state()).toEqual([['q'], undefined])
  })

  it.each([
    ['was deleted', undefined, 'found not owned by any project'],
    ['is damaged', () => ({ format: 1 }), 'found not owned by any project'],
    [
      'says that it was adopted',
      (record: Lists) => ({ ...record, owned: [], adopted: record.owned }),
      'found adopted by this project',
    ],
    ['says that it is protected', (record: Lists) => ({ ...record, protected: record.owned }), 'found protected'],
  ] as const)('deletes nothing when the ownership record %s in the meantime', async (_how, change, found) => {
    const { vhost, run, api, state } = await place()
    const path = ['global-parameters', recordName({ project: 'shop', vhost })]
    const record = await api.get<{ value: Lists }>(path)
    if (change === undefined) await api.delete(path)
    else await api.put(path, { value: change(record?.value as Lists) })

    expect(await run('apply', 'delete.json')).toMatchObject({ code: 5, stderr: expect.stringContaining(found) })
    expect(await state()).toEqual([['q'], 5])
  })

  it('does nothing at another broker', async () => {
    const { folder, run, state } = await place()
    const plan = JSON.parse(await readFile(`${folder}/change.json`, 'utf8')) as { broker: object }
    const elsewhere = { ...plan, broker: { ...plan.broker, name: 'rabbit@mq2' } }
    await writeFile(`${folder}/elsewhere.json`, JSON.stringify({ ...elsewhere, checksum: checksumOf(elsewhere) }))

    expect(await run('apply', 'elsewhere.json')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('the plan was made for the broker "rabbit@mq2"'),
    })
    expect(await state()).toEqual([['q'], 5])
  })

  it.each([
    ['its digest', (plan: Saved) => ({ ...plan, digest: '0'.repeat(64) }), 'its digest is not that of its changes'],
    [
      'what it was made from',
      (plan: Saved) => ({ ...plan, preconditions: {} }),
      'it does not contain the state of policy:',
    ],
    [
      'an address',
      (plan: Saved) => ({ ...plan, changes: plan.changes.map((each) => ({ ...each, address: 'policy:%2F/x' })) }),
      'is not the address of the object that it changes',
    ],
    [
      'a change',
      (plan: Saved) => ({
        ...plan,
        changes: plan.changes.map((each) => ({ ...each, after: { ...each.after, pattern: '.*' } })),
      }),
      'its digest is not that of its changes',
    ],
    ['its vhosts', (plan: Saved) => ({ ...plan, vhosts: undefined }), "must have required property 'vhosts'"],
    ['its changes, to nothing like one', (plan: Saved) => ({ ...plan, changes: [{}] }), '/changes/0'],
  ])('is refused after a change of %s outside warren', async (_what, change, problem) => {
    const { folder, run, state } = await place()
    const plan = JSON.parse(await readFile(`${folder}/change.json`, 'utf8')) as Saved
    await writeFile(`${folder}/mended.json`, JSON.stringify(change(plan)))

    for (const verb of ['apply', 'show'])
      expect(await run(verb, 'mended.json')).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(new RegExp(`${problem}.*saved-plan-changed`)),
      })
    expect(await state()).toEqual([['q'], 5])
  })
})

describe('an undo', () => {
  it('keeps a vhost that the apply created, because others may use it', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    await api.delete(['vhosts', vhost])
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n  q: { type: classic }\n`,
    })
    const run = (...args: string[]) => warren(args, { folder })
    expect(await run('apply', '-y', '--out-undo', 'undo.json', 'topology.yaml')).toMatchObject({ code: 0 })
    await api.put(['queues', vhost, 'of others'], { durable: true })

    expect(await run('show', 'undo.json')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Cannot be undone\n {2}vhost:\S+, which is kept/),
    })
    expect(await run('apply', 'undo.json')).toMatchObject({ code: 0 })
    expect(await api.get(['queues', vhost])).toMatchObject([{ name: 'of others' }])
  })
})

interface Lists {
  readonly owned: readonly string[]
}

interface Saved {
  readonly changes: readonly { readonly after: object }[]
}
