import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EXCHANGE, queueBody, workload } from './workload.js'

const run = promisify(execFile)

/** The modules of `community.rabbitmq`, which Debian's package `ansible` contains. */
/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ vhost, queues, connection, folder }) {
  const { hostname, port } = new URL(connection.managementUrl)
  const login = { login_host: hostname, login_port: port, login_user: connection.username, vhost }
  const common = { ...login, login_password: connection.password }
  const loop = workload(queues)
  const tasks = [
    { 'community.rabbitmq.rabbitmq_exchange': { ...common, name: EXCHANGE, type: 'direct' } },
    {
      'community.rabbitmq.rabbitmq_queue': { ...common, name: '{{ item.queue }}', arguments: queueBody().arguments },
      loop,
    },
    {
      'community.rabbitmq.rabbitmq_binding': {
        ...common,
        name: EXCHANGE,
        destination: '{{ item.queue }}',
        destination_type: 'queue',
        routing_key: '{{ item.key }}',
      },
      loop,
    },
  ]
  const playbook = join(folder, `${vhost}-playbook.yaml`)
  // JSON is YAML.
  await writeFile(playbook, JSON.stringify([{ hosts: 'localhost', connection: 'local', gather_facts: false, tasks }]), {
    mode: 0o600,
  })
  const environment = { ...process.env, ANSIBLE_LOCALHOST_WARNING: 'false', LC_ALL: 'C.UTF-8' }
  return () =>
    run('ansible-playbook', ['-i', 'localhost,', '-e', 'ansible_python_interpreter=/usr/bin/python3', playbook], {
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
    })
}
