// Fills a RabbitMQ 3.10 with features that 4.3 removed or changed, follows the commands of the upgrade report line by line, and
// proves the result: the report lists nothing to fix, and after an import of its definitions into 4.3, the plan is empty there.
//
//   npm run build && node scripts/prove/upgrade.js

import { connect } from 'amqplib'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkUpgrade } from 'warren'
import { cacheFolder } from '../matrix/debian-tree.js'
import { findBroker } from '../matrix/find-broker.js'
import { chosenSeries } from '../matrix/series.js'
import { startNodes } from '../soak/nodes.js'
import { editDeclaration } from './upgrade/edit-declaration.js'
import { EXPECTED, fillBroker, MIRRORED, startOldPrograms, updatePrograms } from './upgrade/old-broker.js'
import { shellOf } from './upgrade/shell.js'

const PLUGINS = ['rabbitmq_consistent_hash_exchange']

/** @param {string} name */
async function start(name) {
  const [series] = chosenSeries([name])
  const found = await findBroker(series, cacheFolder(process.env))
  if ('missing' in found) throw new Error(`RabbitMQ ${name} is missing: ${found.missing}`)
  Object.assign(process.env, found.environment)
  const broker = await startNodes(1, PLUGINS)
  const [node] = broker.nodes
  const { username, password } = broker.login
  const url = `http://127.0.0.1:${node.management}`
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return {
    broker,
    node,
    connection: { url, user: username, password },
    amqp: `amqp://${username}:${password}@127.0.0.1:${node.amqp}`,
    api: async (method, path, body) => {
      const headers = { authorization, 'content-type': 'application/json' }
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
      const response = await fetch(`${url}/api/${path}`, init)
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return method === 'GET' ? response.json() : undefined
    },
  }
}

const problems = []
const folder = mkdtempSync(join(tmpdir(), 'warren-upgrade-'))
const old = await start('3.10')
let renewed
try {
  await fillBroker(old.api, (vhost) => connect(`${old.amqp}/${vhost}`))
  const programs = await startOldPrograms((options) => connect(`${old.amqp}/shop?${options}`))
  const report = () => checkUpgrade({ connection: old.connection, before: '4.3' })
  // The next statistics contain the properties of clients.
  await sleep(6_000)
  const first = await report()
  for (const { feature, effect, address, subject, message } of first.issues) {
    console.log(`${feature.padEnd(28)} ${effect.padEnd(8)} ${address ?? subject}  ${message.slice(0, 90)}`)
  }
  const named = new Set(first.issues.map(({ feature, address }) => `${feature} ${address ?? ''}`.trim()))
  problems.push(...EXPECTED.filter((each) => !named.has(each)).map((each) => `the report does not name ${each}`))

  console.log('\nFollowing the commands:')
  const shell = shellOf(folder, old)
  const updated = await updatePrograms(programs, old.api)
  for (const command of first.commands) {
    if (command.startsWith('# upgrade')) break
    console.log(`  ${command.slice(0, 150)}`)
    const edit = /^# in the declaration of ([^ ]+): (.*)$/.exec(command)
    if (edit) editDeclaration(join(folder, 'topologies'), edit[1], edit[2])
    else if (!command.startsWith('#')) shell(command.replaceAll('SHORTER', "'^queue-'"))
  }
  await sleep(6_000)
  const second = await report()
  const left = second.issues.filter(({ optional }) => optional !== true)
  problems.push(...left.map(({ feature, address, message }) => `still to fix: ${feature} ${address ?? ''} ${message}`))
  const { type, messages } = await old.api('GET', 'queues/shop/mirrored')
  console.log(`the queue "mirrored" is ${type} now, with ${messages} messages`)
  if (type !== 'quorum' || messages !== MIRRORED) problems.push(`of ${MIRRORED} messages, ${messages} are left`)

  await updated.close()
  const definitions = await old.api('GET', 'definitions')
  renewed = await start('4.3')
  await renewed.api('POST', 'definitions', definitions)
  // The import also creates the users of the old broker.
  const plan = execFileSync(shell.node, [shell.cli, 'plan', 'topologies/'], {
    cwd: folder,
    env: { ...process.env, WARREN_URL: renewed.connection.url.replace('://', `://${shell.loginOf(old)}@`) },
    encoding: 'utf8',
  })
  const summary = plan.split('\n').find((line) => line.startsWith('Summary')) ?? plan
  console.log(`\nOn RabbitMQ 4.3, with the imported definitions: ${summary}`)
  if (!summary.includes('nothing to do')) problems.push(plan)
} finally {
  console.log(`declarations: ${readdirSync(folder).join(', ')}`)
  await renewed?.broker.stop()
  await old.broker.stop()
  if (process.env['KEEP'] === undefined) rmSync(folder, { recursive: true })
  else console.log(folder)
}
for (const problem of problems) console.log(`PROBLEM  ${problem}`)
console.log(problems.length === 0 ? 'proved' : `${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
