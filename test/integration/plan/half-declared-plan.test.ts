import { expect, it } from 'vitest'
import { emptyRecord, recordValue } from '../../../src/broker/records/ownership-record.ts'
import { recordName } from '../../../src/model/generated-names.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { halfDeclare } from '../support/half-declared.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const PROJECT = 'half'
const QUEUES = ['work', 'mail'] as const

/** The state after a run that was killed while it declared quorum queues over the API: its intents, and the queues. */
async function killedWhileDeclaring() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const queues = QUEUES.map((name) => `  ${name}: { type: quorum }\n`).join('')
  const folder = await files({ 't.yaml': `warren: 1\nproject: ${PROJECT}\nvhost: ${vhost}\nqueues:\n${queues}` })
  expect(await warren(['plan', 't.yaml', '--out', 'saved.json'], { folder })).toMatchObject({ code: 0 })
  const addresses = QUEUES.map((name) => `queue:${vhost}/${name}`)
  const intended = [{ run: 'killed', at: '2026-01-01T00:00:00.000Z', addresses }]
  await api.put(['global-parameters', recordName({ project: PROJECT, vhost })], {
    value: recordValue({ ...emptyRecord(PROJECT, vhost), intended }),
  })
  await api.put(['queues', vhost, 'mail'], { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  // A working queue has already reported statistics when a later run plans.
  const reports = async () => (await api.get<{ messages?: number }>(['queues', vhost, 'mail']))?.messages !== undefined
  await until(reports, 'the statistics of mail')
  await halfDeclare(vhost, 'work')
  return { vhost, folder, api }
}

it('a plan, saved before or not, is blocked by a queue whose declaration a killed run did not finish, and says how to delete it', async () => {
  const { vhost, folder, api } = await killedWhileDeclaring()

  const apply = await warren(['apply', '-y', 't.yaml'], { folder })
  const saved = await warren(['apply', 'saved.json'], { folder })
  const withoutAmqp = await warren(['plan', 't.yaml'], {
    folder,
    environment: { WARREN_AMQP_URL: 'amqp://guest:guest@127.0.0.1:1' },
  })

  for (const { code, stdout } of [apply, saved, withoutAmqp]) {
    expect(stdout).toContain(`an earlier run was stopped while it declared it, and it does not answer`)
    expect(stdout).toContain(`rabbitmqctl delete_queue -p ${vhost} work`)
    expect(stdout).not.toContain(`delete_queue -p ${vhost} mail`)
    expect(code).toBe(4)
  }

  await api.delete(['queues', vhost, 'work'])
  expect(await warren(['apply', '-y', 't.yaml'], { folder })).toMatchObject({ code: 0 })
  expect(await warren(['plan', '--detailed-exitcode', 't.yaml'], { folder })).toMatchObject({ code: 0 })
})

it('a plan checks no queue for an answer if no run was stopped', async () => {
  const vhost = await freshVhost()
  const queues = QUEUES.map((name) => `  ${name}: { type: quorum }\n`).join('')
  const folder = await files({ 't.yaml': `warren: 1\nproject: ${PROJECT}\nvhost: ${vhost}\nqueues:\n${queues}` })
  expect(await warren(['apply', '-y', 't.yaml'], { folder })).toMatchObject({ code: 0 })
  const asked: string[] = []
  await using proxy = await faultProxy((_count, { path }) => {
    asked.push(path)
    return undefined
  })

  expect(await warren(['plan', 't.yaml'], { folder, environment: { WARREN_URL: proxy.url } })).toMatchObject({
    code: 0,
  })

  expect(asked.filter((path) => path.startsWith('/api/queues/'))).toHaveLength(1)
})
