import { writeFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** A virtual host in which a project owned the declared objects and now declares only the kept ones. */
export async function noLongerDeclared(declared: string, kept = 'exchanges:\n  events: { type: topic }\n') {
  const vhost = await freshVhost()
  const head = `warren: 1\nproject: shop\nvhost: ${vhost}\n`
  const folder = await files({ 'topology.yaml': head + declared })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/topology.yaml`, head + kept)
  const { api } = await testBroker()
  return { vhost, folder, api }
}
