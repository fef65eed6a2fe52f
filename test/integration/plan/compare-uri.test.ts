import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

const HEAD = 'warren: 1\nproject: shop\n'

it('finds no drift in URIs that another program spells differently, on the broker and in its definitions', async () => {
  const vhost = await freshVhost()
  const uri = 'amqps://ann:p%40ss@mq.example/shop?heartbeat=5&verify=verify_none'
  const upstream = (text: string) => `federationUpstreams:\n  far: { uri: "${text}", max-hops: 1 }\n`
  const folder = await files({ 'topology.yaml': `${HEAD}vhost: ${vhost}\n${upstream(uri)}` })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  const { api } = await testBroker()
  const other = 'amqps://ann:p%40ss@MQ.example:5671/%73hop?verify=verify_none&heartbeat=5'
  await api.put(['parameters', 'federation-upstream', vhost, 'far'], { value: { uri: other, 'max-hops': 1 } })

  expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/definitions.json`, JSON.stringify(await api.get(['definitions'])))
  const against = ['plan', '--detailed-exitcode', '--against', 'definitions.json']
  expect(await warren(against, { folder })).toMatchObject({ code: 0 })

  await writeFile(`${folder}/topology.yaml`, `${HEAD}vhost: ${vhost}\n${upstream(uri.replace('mq.', 'mq2.'))}`)
  expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 2 })
  expect(await warren(against, { folder })).toMatchObject({ code: 2 })
})
