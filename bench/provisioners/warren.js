import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apply, plan, Secret } from 'warren'
import { destroy } from '../../dist/verbs/apply.js'
import { topologyText } from './workload.js'

/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ verb, vhost, queues, connection, parallelism, folder }) {
  const path = join(folder, `${vhost}-${queues}.yaml`)
  await writeFile(path, topologyText(vhost, queues))
  const { managementUrl: url, username: user } = connection
  const password = new Secret(connection.password)
  const { hostname, port } = new URL(connection.amqpUrl)
  const amqp = { protocol: 'amqp', hostname, port: Number(port), user, password }
  const options = { paths: [path], connection: { url, user, password }, amqp }
  const pace = parallelism === undefined ? {} : { parallelism }
  switch (verb) {
    case 'plan':
      return () => plan(options)
    case 'apply':
      return async () => complete(await apply({ ...options, ...pace }))
    case 'delete':
      // A guard against mistakes forbids so many deletes without being asked.
      return async () => complete(await destroy({ ...options, ...pace, maxDeletes: { count: Infinity } }))
    default:
      throw new Error(`there is no ${String(verb)}`)
  }
}

function complete({ report, stopped, plan }) {
  const wrong = report?.outcomes.find(({ status }) => status !== 'done')
  if (report && !wrong) return
  throw new Error(`not everything was done: ${JSON.stringify(wrong ?? { stopped, blocks: plan.blocks.slice(0, 3) })}`)
}
