import { expect, it } from 'vitest'
import { freshName, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const NOTHING = { configure: '^$', write: '^$', read: '^$' }

it('warren survey counts what is managed, watches use, and exits by --min-coverage; what a login may not read is unknown', async () => {
  const vhost = await freshVhost()
  const closed = await freshVhost()
  const { api } = await testBroker()
  const project = freshName('project')
  const folder = await files({
    'warren.config.yaml': 'warrenConfig: 1\nlint: { rules: { unbounded-queue: warning } }\n',
    'topology.yaml': `warren: 1\nproject: ${project}\nvhost: ${vhost}\nlabels: { owner: team-a }\nexchanges:\n  events: { type: topic }\nqueues:\n  billing.a: { type: classic }\n  billing.b: { type: classic }\n  billing.c: { type: classic, bindings: [{ exchange: events, routingKey: a.# }] }\n`,
  })
  expect(await warren(['apply', '-y', 'topology.yaml'], { folder })).toMatchObject({ code: 0 })
  await api.put(['queues', vhost, 'manual'], { durable: true, arguments: { 'x-max-length': 7 } })
  await api.put(['queues', vhost, 'brief'], { durable: true, auto_delete: true })
  const reader = await freshUser({ tags: 'monitoring,policymaker', permissions: { [vhost]: NOTHING } })
  const survey = async (...args: readonly string[]) =>
    warren(['survey', '--live', ...args], { folder, environment: { WARREN_URL: await managementUrl(reader) } })

  const { code, stdout } = await survey('topology.yaml', '--vhost', vhost, '--format', 'json', '--unmanaged')
  expect(code).toBe(0)
  const found = JSON.parse(stdout)
  expect(found.coverage).toEqual({
    percent: 83.3,
    objects: 6,
    managed: 5,
    adopted: 0,
    unmanaged: 1,
    setAside: { transient: 1, framework: 0 },
    projects: [{ project, managed: 5, adopted: 0 }],
    labels: { owners: [{ owner: 'team-a', objects: 5 }], unlabelled: 0, undeclared: 1 },
  })
  expect(found.vhosts).toMatchObject([{ name: vhost, groups: [{ name: 'billing', queues: 3, consumers: 0 }] }])
  expect(found.vhosts[0].lint.rules).toContainEqual(
    expect.objectContaining({ rule: 'unbounded-queue', severity: 'warning', count: 4 }),
  )
  expect(found.lint).toMatchObject({ rightsUnknown: true, errors: 0 })
  expect(found.unmanaged).toMatchObject([
    { address: `queue:${vhost}/brief`, setAside: 'transient' },
    {
      address: `queue:${vhost}/manual`,
      kind: 'queue',
      type: 'classic',
      arguments: { 'x-max-length': 7 },
      consumers: 0,
    },
  ])
  expect(found.unknown).toEqual([
    { what: 'users', reason: 'needs-administrator' },
    { what: 'permissions', reason: 'needs-administrator' },
    { what: 'topic-permissions', reason: 'needs-administrator' },
  ])

  const planned = await warren(['plan', '--show-unmanaged', '--format', 'json', 'topology.yaml'], { folder })
  expect(JSON.parse(planned.stdout).survey).toMatchObject({
    coverage: { percent: 83.3, managed: 5, unmanaged: 1 },
    vhosts: [{ name: vhost, coverage: { percent: 83.3 } }],
    unmanaged: [{ address: `queue:${vhost}/brief` }, { address: `queue:${vhost}/manual`, consumers: 0 }],
    unknown: [],
  })

  expect(await survey('--vhost', vhost, '--min-coverage', '83%')).toMatchObject({ code: 0, stderr: '' })
  expect(await survey('--vhost', vhost, '--min-coverage', '84%')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('coverage 83.3% is below 84%'),
  })
  const partly = await survey('--vhost', vhost, '--vhost', closed, '--min-coverage', '1%')
  expect(partly).toMatchObject({ code: 6, stderr: expect.stringContaining('coverage is unknown') })
  expect(partly.stdout).toContain(`vhost ${closed}: the login has no permission; let it read with: rabbitmqctl`)
  expect(await survey('--vhost', 'nowhere')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('there is no vhost "nowhere" that this login may access'),
  })

  const seen = await until(async () => {
    await api.post(['exchanges', vhost, 'amq.default', 'publish'], {
      properties: {},
      routing_key: 'manual',
      payload: 'x',
      payload_encoding: 'string',
    })
    const { evidence } = JSON.parse((await survey('--vhost', vhost, '--sample', '2s', '--format', 'json')).stdout)
    return evidence.used.length > 0 && evidence
  }, 'statistics of the published messages')
  expect(seen).toMatchObject({
    looks: 2,
    used: [{ address: `queue:${vhost}/manual`, delivered: 0 }],
    withoutEvidence: 4,
  })
})

it('warren survey reads what a broker exported, and knows its coverage from the records in it', async () => {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const project = freshName('project')
  const text = `warren: 1\nproject: ${project}\nvhost: ${vhost}\nqueues:\n  a: { type: classic }\n`
  const folder = await files({ 'topology.yaml': text })
  expect(await warren(['apply', '-y', 'topology.yaml'], { folder })).toMatchObject({ code: 0 })
  const exported = JSON.stringify(await api.get(['definitions']))
  const other = `warren: 1\nproject: ${freshName('other')}\nvhost: ${vhost}\nqueues: { b: { type: classic } }\n`
  const there = await files({ 'topology.yaml': text, 'other.yaml': other, 'definitions.json': exported })

  const survey = await warren(
    ['survey', '--from', 'definitions.json', '--vhost', vhost, '--min-coverage', '100', '--report', 'markdown=s.md'],
    { folder: there },
  )

  expect(survey).toMatchObject({ code: 0, stdout: expect.stringContaining('Coverage    100% managed: 1 of 1 object') })
  expect(survey.stdout).toMatch(/^ {2}.*messages, consumers: the file does not contain it$/m)

  const plan = await warren(['plan', '--against', 'definitions.json', '--show-unmanaged', 'other.yaml'], {
    folder: there,
  })
  expect(plan.stdout).toContain('Coverage  100% managed: 1 of 1 object')
  expect(plan.stdout).toContain('Unmanaged  0 objects that no project owns and no file declares')
})
