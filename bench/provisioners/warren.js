import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apply, plan, Secret } from 'warren'
import { topologyText } from './workload.js'

/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ verb, vhost, queues, connection, parallelism, folder }) {
  const path = join(folder, `${vhost}-${queues}.yaml`)
  await writeFile(path, topologyText(vhost, queues))
  const pace = parallelism === undefined ? {} : { parallelism }
  const options = (password) => ({ paths: [path], ...brokerOptions(connection, password), ...pace })
  switch (verb) {
    case 'plan':
      return () => plan(options(new Secret(connection.password)))
    case 'apply':
      return async () => complete(await apply(options(new Secret(connection.password))))
    case 'delete': {
      // Only the command line has `destroy`; its modules know only their own secrets.
      const { destroy } = await import('../../build/operations/change/apply.js')
      const { Secret: OwnSecret } = await import('../../build/model/secrets/secret.js')
      // A guard against mistakes refuses so many deletes unless an option permits them.
      const maxDeletes = { count: Infinity }
      return async () => complete(await destroy({ ...options(new OwnSecret(connection.password)), maxDeletes }))
    }
    default:
      throw new Error(`there is no ${String(verb)}`)
  }
}

function brokerOptions({ managementUrl: url, amqpUrl, username: user }, password) {
  const { hostname, port } = new URL(amqpUrl)
  return {
    connection: { url, user, password },
    amqp: { protocol: 'amqp', hostname, port: Number(port), user, password },
  }
}

function complete({ report, stopped, plan }) {
  const wrong = report?.outcomes.find(({ status }) => status !== 'done')
  if (report && !wrong) return
  throw new Error(`the apply is not complete: ${JSON.stringify(wrong ?? { stopped, blocks: plan.blocks.slice(0, 3) })}`)
}
