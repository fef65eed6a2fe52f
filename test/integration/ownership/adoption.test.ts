import { describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { recordingProxy } from '../support/proxies/recording-proxy.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

async function existing() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const type = { durable: true, arguments: { 'x-queue-type': 'classic' } }
  await Promise.all(['a', 'b'].map((name) => api.put(['queues', vhost, name], type)))
  const text = `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n  a: { type: classic }\n  b: { type: classic }\n`
  return { vhost, api, folder: await files({ 'topology.yaml': text }), name: recordName({ project: 'shop', vhost }) }
}

describe('adoption', () => {
  it('is shown, confirmed, pinned by the digest and reported like any other change', async () => {
    const { api, folder, name } = await existing()

    const plan = await warren(['plan', '--detailed-exitcode'], { folder })
    expect(plan).toMatchObject({ code: 2, stdout: expect.stringContaining('2 to adopt') })
    expect(plan.stdout).not.toContain('nothing to do')
    const [, digest = ''] = /^Digest +([0-9a-f]+)$/m.exec(plan.stdout) ?? []

    expect(await warren(['apply'], { folder })).toMatchObject({ code: 8 })
    expect(await api.get(['global-parameters', name])).toBeUndefined()
    const applied = await warren(['apply', '-y', '--expect-digest', digest], { folder })
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Adopted 2') })
    expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
    })
    expect(await warren(['apply', '-y', '--expect-digest', digest], { folder })).toMatchObject({ code: 5 })
  })

  it('is written by a saved plan, which has nothing to do the second time', async () => {
    const { folder } = await existing()
    expect(await warren(['plan', '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Adopted 2'),
    })
    const again = await warren(['apply', 'plan.json', '--format', 'json'], { folder })
    expect([again.code, JSON.parse(again.stdout)]).toEqual([
      0,
      expect.not.objectContaining({ report: expect.anything() }),
    ])
  })
})

describe('an apply with nothing to do', () => {
  it('sends no write at all, not even of a record', async () => {
    const { folder } = await existing()
    await using proxy = await recordingProxy()
    const environment = { WARREN_URL: proxy.url }

    expect(await warren(['apply', '-y'], { folder, environment })).toMatchObject({ code: 0 })
    expect(proxy.writes()).toHaveLength(1)
    for (const flags of [['-y'], ['-y', '--prune'], ['-y', '--adopt']])
      expect(await warren(['apply', ...flags], { folder, environment })).toMatchObject({ code: 0 })
    expect(proxy.writes()).toHaveLength(1)
  })
})

describe('destroy', () => {
  it('leaves no record behind', async () => {
    const { api, vhost, folder, name } = await existing()
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    const allowed = ['a', 'b'].flatMap((queue) => ['--allow', `delete=queue:${vhost}/${queue}`])

    expect(await warren(['destroy', '--confirm', 'shop', ...allowed], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['global-parameters', name])).toBeUndefined()
  })

  it('removes an empty record, which earlier versions left behind', async () => {
    const { api, vhost, folder, name } = await existing()
    const value = { format: 1, project: 'shop', vhost, owned: [], adopted: [], intended: [], protected: [] }
    await api.put(['global-parameters', name], { value })

    expect(await warren(['destroy', '--confirm', 'shop'], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['global-parameters', name])).toBeUndefined()
  })
})
