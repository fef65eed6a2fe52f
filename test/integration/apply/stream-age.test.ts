import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

it('keeps the messages of a stream when a policy would shorten its age, unless their loss is allowed', async () => {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const topology = (age: string) =>
    `warren: 1\nproject: ${freshName('project')}\nvhost: ${vhost}\nqueues:\n  log: { type: stream }\npolicies:\n  age: { pattern: "^log$", applyTo: queues, definition: { max-age: ${age} } }\n`
  const week = topology('7D')
  const folder = await files({ 'topology.yaml': week })
  const planned = () => warren(['plan', '--detailed-exitcode', 'topology.yaml'], { folder })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/topology.yaml`, week.replace('7D', '1h'))
  expect(await planned()).toMatchObject({ code: 2 })

  await api.post(['exchanges', vhost, 'amq.default', 'publish'], {
    properties: {},
    routing_key: 'log',
    payload: 'kept for a week',
    payload_encoding: 'string',
  })

  await until(async () => (await planned()).code === 4, 'a plan that is blocked')
  expect(await planned()).toMatchObject({
    stdout: expect.stringContaining(`1 message in queue:${vhost}/log (max-age: 3600)`),
  })
  await writeFile(`${folder}/topology.yaml`, week.replace('7D', '8D'))
  expect(await planned()).toMatchObject({ code: 2 })
  await writeFile(`${folder}/topology.yaml`, week.replace('7D', '1h'))
  expect(await warren(['apply', '-y', '--allow', `delete=policy:${vhost}/age`], { folder })).toMatchObject({ code: 0 })
})
