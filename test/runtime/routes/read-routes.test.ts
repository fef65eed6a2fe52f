import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readRoutes } from '../../../src/runtime/routes/read-routes.ts'
import { compile } from '../../../src/operations/files/compile.ts'
import { publication } from '../routes.ts'

const TOPOLOGY = `
warren: 1
project: email
exchanges: { tasks: {} }
queues: { email: { type: quorum, bindings: [{ exchange: tasks, routingKey: email }], retry: { delays: [5s] }, deadLetter: true } }
publications: { send-email: { exchange: tasks, routingKey: email } }
subscriptions: { emails: { queue: email, rateLimit: 50/s } }
users: { worker: { password: '\${env:NOT_SET_ANYWHERE}', can: { consume: [emails] } } }
`

async function folder(files: Record<string, string>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'warren-routes-'))
  onTestFinished(() => rm(path, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
  return path
}

const expected = {
  publications: [{ name: 'send-email', vhost: '/', exchange: 'tasks', routingKey: 'email' }],
  subscriptions: [
    {
      name: 'emails',
      queue: 'email',
      queueType: 'quorum',
      rateLimit: { count: 50, per: 1_000 },
      failure: {
        kind: 'ladder',
        exchange: 'email.failed',
        delays: [{ delay: 5_000, routingKey: '5s', queue: 'email.retry.5s' }],
        last: { exchange: 'email.failed', routingKey: 'dead' },
      },
    },
  ],
}

describe('readRoutes', () => {
  it('accepts a topology that is already an object', async () => {
    const routes = { publications: [publication()], subscriptions: [] }
    expect(await readRoutes({ routes }, {})).toBe(routes)
  })

  it('reads YAML, and needs no password of a user for it', async () => {
    const path = await folder({ 'topology.yaml': TOPOLOGY })
    expect(await readRoutes(path, {})).toMatchObject(expected)
    expect(await readRoutes([join(path, 'topology.yaml')], {})).toMatchObject(expected)
  })

  it('reads a compiled file', async () => {
    const path = await folder({ 'topology.yaml': TOPOLOGY })
    const { text } = await compile({ paths: [path] })
    const compiled = join(await folder({ 'topology.json': text }), 'topology.json')
    expect(await readRoutes(compiled, {})).toMatchObject(expected)
    await expect(readRoutes(join(path, 'none.json'), {})).rejects.toThrow('cannot read')
  })

  it('reports the mistakes in the files with their places', async () => {
    const path = join(
      await folder({ 'topology.yaml': TOPOLOGY.replace('exchange: tasks, routingKey: email }]', 'exchange: taks }]') }),
      'topology.yaml',
    )
    await expect(readRoutes(path, {})).rejects.toThrow(/topology\.yaml:5:\d+: exchange "taks" is not declared/)
  })
})
