import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { settingsChangedBy } from '../../../src/model/policies/effective-settings.ts'
import { policy, queue } from '../../builders/objects.ts'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

interface LiveQueue {
  readonly policy?: string | null
  readonly effective_policy_definition?: Readonly<Record<string, unknown>>
}

async function place(text: string) {
  const { api } = await testBroker()
  const vhost = await freshVhost()
  const head = `warren: 1\nproject: ${freshName('billing')}\nvhost: ${vhost}\n`
  const folder = await files({ 'topology.yaml': head + text })
  const look = (name: string) => api.get<LiveQueue>(['queues', vhost, name])
  return { api, vhost, head, folder, look }
}

const QUEUES = 'queues:\n  billing.x: { type: classic, retry: { delays: [5s] }, deadLetter: true }\n'
const NARROW = '^billing\\.(?!.*\\.(dead|failed|retry\\.\\w+)$)'

describe('a policy that would also hold for derived queues', () => {
  it('blocks an apply until its pattern leaves them out, as the hint says', async () => {
    const { api, vhost, folder, look } = await place(QUEUES)
    const short = (pattern: string) =>
      api.put(['policies', vhost, 'short'], { pattern, 'apply-to': 'queues', definition: { 'message-ttl': 60_000 } })
    await short('^billing\\.')

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('expires its dead letters after 1m'),
    })
    await short(NARROW)
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await until(async () => (await look('billing.x'))?.policy === 'short', 'the policy to hold')
    expect((await look('billing.x.dead'))?.policy ?? null).toBe(null)
    expect((await look('billing.x.retry.5s'))?.policy ?? null).toBe(null)
  })

  it('is refused with both positions, without a broker, if the files declare it', async () => {
    const { folder } = await place(
      `${QUEUES}policies:\n  short: { pattern: '^billing', definition: { expires: 60000 } }\n`,
    )

    expect(await warren(['validate'], { folder })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /topology\.yaml:7:3.*policy "short" also applies to[^]*topology\.yaml:5:\d+[^]*policy-loses-derived|policy-loses-derived[^]*topology\.yaml:5:\d+/,
      ),
    })
  })
})

describe('the policy of deadLetter', () => {
  const limited = (rest: string) =>
    `queues:\n  q: { type: classic${rest} }\npolicies:\n  limit: { pattern: '^q$', applyTo: queues, definition: { max-length: 9 } }\n`

  it('keeps the limits that its queue has had', async () => {
    const { folder, head, look } = await place(limited(''))
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, head + limited(', deadLetter: { by: policy }'))

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    const live = await until(async () => {
      const each = await look('q')
      return each?.policy === 'q.failed' && each
    }, 'the policy to hold')
    expect(live.effective_policy_definition).toMatchObject({ 'max-length': 9, 'dead-letter-exchange': 'q.failed' })
  })

  it('does not replace a policy that exists only on the broker', async () => {
    const { api, vhost, folder } = await place('queues:\n  q: { type: classic, deadLetter: { by: policy } }\n')
    const body = { pattern: '^q$', 'apply-to': 'queues', definition: { 'max-length': 9 } }
    await api.put(['policies', vhost, 'limit'], body)

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('and max-length would no longer apply'),
    })
  })
})

it('settings of a policy and an operator policy are merged as the broker merges them', async () => {
  const { api, vhost } = await place(QUEUES)
  const own = { 'message-ttl': 5, 'max-length': 9, expires: 9_000_000, 'dead-letter-exchange': 'x' }
  const operators = { 'message-ttl': 9, 'max-length': 5, 'max-length-bytes': 7 }
  const body = { pattern: '', 'apply-to': 'queues' }
  await api.put(['policies', vhost, 'p'], { ...body, definition: own })
  await api.put(['operator-policies', vhost, 'o'], { ...body, definition: operators })
  await api.put(['queues', vhost, 'q'], { durable: true, arguments: { 'x-queue-type': 'classic' } })

  const settings = settingsChangedBy(queue('q'), {
    policy: policy('p', { definition: own }),
    operatorPolicy: policy('o', { definition: operators }),
  })
  const live = await until(async () => {
    const each = await api.get<LiveQueue>(['queues', vhost, 'q'])
    return each?.effective_policy_definition && each
  }, 'the policies to hold')
  expect(Object.fromEntries(settings.map(({ key, effective }) => [key, effective]))).toEqual(
    live.effective_policy_definition,
  )
})
