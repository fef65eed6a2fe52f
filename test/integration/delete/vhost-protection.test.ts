import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import type { VirtualHost } from '../../../src/model/topology.ts'
import { topology, vhost } from '../../builders/objects.ts'
import { BY_HAND } from '../../objects/by-hand.ts'
import { answerTo } from '../support/answer-to.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { converge, pending, withClient } from '../support/converge.ts'
import { warren } from '../support/warren-in-process.ts'

/** The first version of RabbitMQ with its own protection. */
const SINCE = '4.0.6'

/** An existing vhost, and its declared properties. */
async function fresh() {
  const { api, version } = await testBroker()
  const name = await freshVhost()
  onTestFinished(() => BY_HAND.vhost.remove(api, vhost(name)))
  const claiming = (properties: Partial<VirtualHost>) =>
    topology({ vhosts: [vhost(name, { claimed: true, description: '', tags: [], ...properties })] })
  const isProtected = async () => {
    const live = await api.get<{ protected_from_deletion?: boolean }>(['vhosts', name])
    return live?.protected_from_deletion
  }
  const isThere = async () => (await api.get(['vhosts', name])) !== undefined
  return { api, name, claiming, isProtected, isThere, can: isAtLeast(version, SINCE) }
}

describe('a vhost with protect: true', () => {
  it('cannot be deleted on a broker that supports the protection', async () => {
    const { api, name, claiming, can, isThere } = await fresh()

    await withClient((client) => converge(client, claiming({ protect: true })))

    expect(await answerTo(() => api.delete(['vhosts', name]))).toBe(can ? '412' : 'taken')
    expect(await isThere()).toBe(can)
  })

  it('stays protected if another property changes, and if protect is removed from the files', async () => {
    const { claiming, isProtected, can } = await fresh()
    await withClient((client) => converge(client, claiming({ protect: true })))

    await withClient(async (client) => {
      await converge(client, claiming({ protect: true, description: 'another', tags: ['a'] }))
      expect(await isProtected()).toBe(can ? true : undefined)
      expect(await pending(client, claiming({ description: 'another', tags: ['a'] }))).toEqual([])
      await converge(client, claiming({ description: 'a third' }))
    })

    expect(await isProtected()).toBe(can ? true : undefined)
  })

  it('is not compared if it is only referred to', async () => {
    const { name, claiming } = await fresh()

    await withClient(async (client) => {
      await converge(client, claiming({ protect: true }))
      expect(await pending(client, topology({ vhosts: [vhost(name)] }))).toEqual([])
    })
  })

  it("is planned and applied from a file, and then equals the broker's export", async () => {
    const { api, name, isProtected, can } = await fresh()
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: test\nvhost: { name: ${name}, protect: true }\n`,
    })
    const run = (...args: string[]) => warren([...args, 'topology.yaml'], { folder })

    const plan = await run('plan')
    expect(plan.stdout).toMatch(can ? /protect +false -> true/ : /1 to adopt, 1 to protect/)
    expect(await run('apply', '--auto-approve', '--adopt')).toMatchObject({ code: 0 })

    expect(await isProtected()).toBe(can ? true : undefined)
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    await writeFile(join(folder, 'definitions.json'), JSON.stringify(await api.get(['definitions'])))
    expect(await run('plan', '--detailed-exitcode', '--against', 'definitions.json')).toMatchObject({ code: 0 })
    if (can) await api.delete(['vhosts', name, 'deletion', 'protection'])
    await writeFile(join(folder, 'definitions.json'), JSON.stringify(await api.get(['definitions'])))
    const against = await run('plan', '--detailed-exitcode', '--against', 'definitions.json')
    expect(against).toMatchObject({ code: can ? 2 : 0 })
  })

  it('is not deleted even if allowed, because the broker would refuse it', async () => {
    const { api, name, can, isThere } = await fresh()
    await api.delete(['vhosts', name])
    const folder = await files({ 'topology.yaml': `warren: 1\nproject: ${name}\nvhost: { name: ${name} }\n` })
    expect(await warren(['apply', '--auto-approve'], { folder })).toMatchObject({ code: 0 })
    if (can) await api.post(['vhosts', name, 'deletion', 'protection'])

    const run = await warren(['destroy', '--confirm', name, '--allow', `delete=vhost:${name}`], { folder })

    expect(run).toMatchObject({ code: can ? 4 : 0 })
    expect(run.stdout).toContain(can ? 'declare it with protect: false, apply that' : '- vhost')
    expect(await isThere()).toBe(can)
  })
})
