// The demo: a real broker, a plan, an apply, a producer and a worker as separate processes, a retry ladder, a dead
// letter, and a second plan that is empty. Exits with 0 only if it has seen each of these on the broker.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import amqp from 'amqplib'
import { startBroker } from 'warren/testing'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const VHOST = '/email'
const TOPOLOGY = ['topologies/email-pipeline.yaml', '--overlay', 'scripts/demo/short-delays.yaml']
const LOGINS = { 'email-api': 'demo-api-password', 'email-worker': 'demo-worker-password' }
const PATIENCE = 60_000

const checks = []
const children = new Set()
const folder = await mkdtemp(join(tmpdir(), 'warren-demo-'))
title('1. A broker')
const broker = await startBroker()
try {
  console.log(
    `RabbitMQ ${broker.version}, ${{ given: 'the one that WARREN_URL names', container: 'in a container', node: 'a private node on free ports' }[broker.origin]}`,
  )
  await demo()
} finally {
  for (const child of children) child.kill('SIGKILL')
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
}

title('What was seen')
for (const { what, seen } of checks) console.log(`${seen ? 'yes' : 'NO '}  ${what}`)
const failed = checks.filter(({ seen }) => !seen).length
console.log(
  failed === 0
    ? '\nThe demo has shown every step. Everything is stopped and removed.'
    : `\n${failed} of ${checks.length} not seen.`,
)
process.exitCode = failed === 0 ? 0 : 1

async function demo() {
  title('2. What would be done')
  check('the first plan has changes', (await warren('plan', ...TOPOLOGY, '--detailed-exitcode')) === 2)

  title('3. Do it')
  check('the apply did everything, and read it back', (await warren('apply', ...TOPOLOGY, '--auto-approve')) === 0)
  check('the topology is compiled for the runtime', (await warren('compile', ...TOPOLOGY, '--out', compiled())) === 0)

  title('4. A worker and a producer, each with its own user')
  const worker = start('worker', 'email-worker')
  await worker.says('waiting for emails')
  const producer = start('producer', 'email-api')
  check('five emails were published and confirmed', (await producer.ended()) === 0)
  const sent = await Promise.all([1, 2, 4, 5].map((n) => worker.says(`sent email-${n}`)))
  check('four emails were sent', sent.every(Boolean))
  check('email-3 was tried four times', await worker.says('sending email-3, try 4'))
  check('email-3 came to the dead letters', await until(async () => (await ready('email.dead')) === 1))

  title('5. The dead letter')
  const dead = await look('email.dead')
  console.log(dead.body)
  for (const [name, value] of Object.entries(dead.headers))
    if (name.startsWith('x-warren-')) console.log(`${name}: ${value}`)
  check(
    'email-3 is in email.dead, with its reason',
    dead.body.includes('email-3') &&
      dead.headers['x-warren-reason'] === 'error' &&
      dead.headers['x-warren-error'].includes('the mail server said no'),
  )
  check('it is the only dead letter', (await ready('email.dead')) === 1)

  worker.child.kill('SIGTERM')
  check('the worker closed cleanly on SIGTERM', (await worker.ended()) === 0)
  check(
    'nothing waits in email or its delay queues',
    await allEmpty(['email', 'email.retry.500ms', 'email.retry.1s', 'email.retry.2s']),
  )

  title('6. Is it still what the file says?')
  check('the second plan is empty', (await warren('plan', ...TOPOLOGY, '--detailed-exitcode')) === 0)
}

/** Runs the built command line, and returns how it ended. */
async function warren(...args) {
  console.log(`$ warren ${args.map((each) => (each.startsWith(folder) ? 'topology.json' : each)).join(' ')}\n`)
  const url = withLogin(broker.managementUrl, broker)
  const child = run([join(ROOT, 'dist/cli/main.js'), ...args], { WARREN_URL: url }, 'inherit')
  const [code] = await once(child, 'exit')
  return code
}

/** Starts the worker or the producer as a user of the topology, and prints its output with its name. */
function start(name, user) {
  const login = { username: user, password: LOGINS[user] }
  const url = `${withLogin(broker.amqpUrl, login)}/${encodeURIComponent(VHOST)}`
  const child = run([join(ROOT, `scripts/demo/${name}.js`), compiled()], { WARREN_AMQP_URL: url }, 'pipe')
  const exit = once(child, 'exit')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text
      process.stdout.write(text.replaceAll(/^(?=.)/gm, `${name.padEnd(9)}| `))
    })
  }
  return {
    child,
    says: (line) =>
      until(
        () => said.split('\n').includes(line),
        () => child.exitCode !== null,
      ),
    ended: async () => (await exit)[0],
  }
}

function run(args, environment, output) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      EMAIL_API_PASSWORD: LOGINS['email-api'],
      EMAIL_WORKER_PASSWORD: LOGINS['email-worker'],
      ...environment,
    },
    stdio: ['ignore', output, output],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

function compiled() {
  return join(folder, 'topology.json')
}

function withLogin(text, { username, password }) {
  const url = new URL(text)
  url.username = username
  url.password = password
  return url.href.replace(/\/$/, '')
}

/** The number of ready messages in a queue. It comes from a passive declare, which is exact at that moment. */
async function ready(queue) {
  return overAmqp(async (channel) => (await channel.checkQueue(queue)).messageCount)
}

async function allEmpty(queues) {
  for (const queue of queues) if ((await ready(queue)) !== 0) return false
  return true
}

/** Reads the first message of a queue and leaves it in the queue. */
async function look(queue) {
  return overAmqp(async (channel) => {
    const message = await channel.get(queue, { noAck: false })
    if (message === false) throw new Error(`${queue} is empty`)
    channel.nack(message, false, true)
    return { body: message.content.toString('utf8'), headers: message.properties.headers ?? {} }
  })
}

async function overAmqp(work) {
  const connection = await amqp.connect(`${withLogin(broker.amqpUrl, broker)}/${encodeURIComponent(VHOST)}`)
  try {
    const channel = await connection.createChannel()
    const result = await work(channel)
    await channel.close()
    return result
  } finally {
    await connection.close()
  }
}

async function until(holds, gaveUp = () => false) {
  const end = Date.now() + PATIENCE
  while (!(await holds())) {
    if (gaveUp() || Date.now() > end) return false
    await sleep(50)
  }
  return true
}

function check(what, seen) {
  checks.push({ what, seen })
}

function title(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}\n`)
}
