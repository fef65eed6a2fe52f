import { expect, it } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { closeLock } from '../support/close-lock.ts'
import { files } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

const QUEUES = ['bills', 'cash', 'debts'].map((name) => `  ${name}: { type: classic }\n`).join('')
const REPLICATED = ['loans', 'rents'].map((name) => `  ${name}: { type: quorum }\n`).join('')
const KEPT = 'exchanges:\n  kept: { type: topic }\n'
const EXCHANGES = ['east', 'west'].map((name) => `  ${name}: { type: topic }\n`).join('')

it.each(['destroy', 'prune'] as const)(
  'deletes nothing more after %s loses its lock, exits with 7 and reports the reason',
  async (how) => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const project = freshName('project')
    const head = `warren: 1\nproject: ${project}\nvhost: ${vhost}\n`
    const folder = await files({
      'all.yaml': `${head}${KEPT}${EXCHANGES}queues:\n${QUEUES}${REPLICATED}`,
      'less.yaml': head + KEPT,
    })
    const live = async () =>
      (await Promise.all(['queues', 'exchanges'].map((kind) => api.get<{ name: string }[]>([kind, vhost]))))
        .flatMap((each) => each ?? [])
        .map(({ name }) => name)
        .filter((name) => name !== '' && !/^(amq|warren)\./.test(name))
    expect(await warren(['apply', '-y', 'all.yaml'], { folder })).toMatchObject({ code: 0 })
    const before = await live()
    let lost = false
    await using proxy = await faultProxy(async (_count, { method }) => {
      if (lost || method !== 'DELETE') return undefined
      lost = true
      await closeLock(vhost)
      return undefined
    })
    const command =
      how === 'destroy'
        ? ['destroy', 'all.yaml', '--confirm', project]
        : ['apply', '-y', '--prune', '--max-deletes', '100%', 'less.yaml']

    const ended = await warren([...command, '--parallelism', '1', '--timeout', '60s'], {
      folder,
      environment: { WARREN_URL: proxy.url },
    })

    expect(ended).toMatchObject({ code: 7, stdout: expect.stringMatching(/lock/) })
    // The apply finishes the delete that it had begun.
    expect(await live()).toHaveLength(before.length - 1)
    expect(await warren(command, { folder })).toMatchObject({ code: 0 })
    expect(await live()).toEqual(how === 'destroy' ? [] : ['kept'])
  },
)
