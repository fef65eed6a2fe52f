import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bindingBody, EXCHANGE, exchangeBody, queueBody, workload } from './workload.js'

const run = promisify(execFile)

/** RabbitMQ's own program, as the broker serves it: each start declares one object. */
/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ vhost, queues, before, connection, folder }) {
  const { managementUrl, username, password } = connection
  const program = join(folder, 'rabbitmqadmin')
  const answer = await fetch(`${managementUrl}/cli/rabbitmqadmin`)
  if (!answer.ok) throw new Error(`the broker has no rabbitmqadmin: ${answer.status}`)
  await writeFile(program, await answer.text())
  const { hostname, port } = new URL(managementUrl)
  // The password is in a file, so that no list of processes shows it.
  const config = join(folder, 'rabbitmqadmin.conf')
  const lines = ['[default]', `hostname = ${hostname}`, `port = ${port}`, `username = ${username}`]
  await writeFile(config, [...lines, `password = ${password}`, ''].join('\n'), { mode: 0o600 })
  const declare = (kind, properties) => {
    const words = Object.entries(properties).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    return run('python3', [program, '-q', '-c', config, '-V', vhost, 'declare', kind, ...words])
  }
  return async () => {
    if (before === 0) await declare('exchange', { name: EXCHANGE, ...exchangeBody() })
    for (const { queue, key } of workload(queues).slice(before)) {
      await declare('queue', { name: queue, ...queueBody() })
      await declare('binding', { source: EXCHANGE, destination: queue, ...bindingBody(key) })
    }
  }
}
