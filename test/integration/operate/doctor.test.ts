import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import type { Checkup } from '../../../src/operate/doctor/checkup.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const NOTHING = { configure: '^$', write: '^$', read: '^$' }
/** Checks of nodes and churn concern the whole broker, which other tests also use. */
const OF_THE_BROKER = new Set(['alarm', 'node-down', 'headroom', 'critical-node', 'unbalanced-leaders', 'churn'])

/** The findings in a vhost, such as `depth queue:v/deep`. */
const foundIn = ({ checks }: Checkup) =>
  checks
    .filter(({ check }) => !OF_THE_BROKER.has(check))
    .flatMap(({ check, symptoms }) =>
      symptoms.map(({ address, subject }) => [check, address ?? subject].join(' ').trim()),
    )
    .toSorted()

it(
  'warren doctor finds the provoked problems in one vhost, and none in another one under load',
  { timeout: 240_000 },
  async () => {
    const [sick, healthy] = [await freshVhost(), await freshVhost()]
    const { api, version } = await testBroker()
    const queue = (name: string, table: object = {}, vhost = sick) =>
      api.put(['queues', vhost, name], { durable: true, arguments: table })
    const toDead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work.dead' }
    await Promise.all([
      ...['deep', 'old', 'stays', 'work.dead', 'subscribed'].map((name) => queue(name)),
      queue('work', toDead),
      queue('full', { 'x-max-length': 20 }),
      // The queue keeps messages that arrived before a policy set the TTL.
      queue('delay', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' }),
      queue('holds', {
        'x-queue-type': 'quorum',
        'x-message-ttl': 1,
        'x-overflow': 'reject-publish',
        'x-dead-letter-exchange': 'nowhere',
        'x-dead-letter-strategy': 'at-least-once',
      }),
      queue('busy', {}, healthy),
    ])
    const open = async (vhost: string, options: string) => {
      const connection = await connect(`${await amqpUrl(vhost)}?${options}`)
      onTestFinished(() => connection.close())
      return connection
    }
    const program = await open(sick, isAtLeast(version, '4.1.0') ? 'heartbeat=0' : 'heartbeat=0&frameMax=4096')
    const channel = await program.createConfirmChannel()
    const publish = (name: string, count: number, options = {}) => {
      for (let n = 0; n < count; n++) channel.sendToQueue(name, Buffer.from('1'), options)
    }
    publish('deep', 60)
    publish('full', 20)
    publish('old', 1, { timestamp: Math.floor(Date.now() / 1_000) - 3_600 })
    publish('stays', 2)
    publish('delay', 3)
    publish('holds', 1)
    publish('work.dead', 4)
    await channel.waitForConfirms()
    await api.put(['policies', sick, 'late'], { pattern: '^delay$', definition: { 'message-ttl': 1_000 } })
    await channel.prefetch(5, true)
    await channel.consume('stays', () => undefined)

    const load = await (await open(healthy, 'heartbeat=20')).createConfirmChannel()
    let waiting = 0
    await load.consume('busy', (message) => {
      if (!message) return
      waiting -= 1
      load.ack(message)
    })
    const end = new AbortController()
    const running = (async () => {
      while (!end.signal.aborted) {
        // On a slow machine the queue of a healthy program must not become deep either.
        for (; waiting < 20; waiting += 1) load.sendToQueue('busy', Buffer.from('1'))
        await load.waitForConfirms()
        await pause(50)
      }
    })()
    onTestFinished(async () => {
      end.abort()
      await running
    })

    const reader = await freshUser({
      tags: 'monitoring,policymaker',
      permissions: { [sick]: NOTHING, [healthy]: NOTHING },
    })
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: shop\nvhost: ${sick}\nqueues:\n  subscribed: { type: classic }\nsubscriptions:\n  worker: { queue: subscribed }\n`,
    })
    const doctor = async (...args: readonly string[]) => {
      const environment = { WARREN_URL: await managementUrl(reader) }
      const { code, stdout, stderr } = await warren(['doctor', '--format', 'json', ...args], { folder, environment })
      expect(stderr).toBe('')
      return { code, checkup: JSON.parse(stdout) as Checkup }
    }
    await until(async () => {
      await pause(500)
      const { checkup } = await doctor('--live', '--vhost', sick, '--max-age', '10m')
      const found = foundIn(checkup).map((each) => each.split(' ')[0])
      return ['no-heartbeat', 'oldest-message', 'consumers-missing'].every((each) => found.includes(each))
    }, 'statistics of connections and queues')

    const vhosts = ['--vhost', sick, '--vhost', healthy]
    const provoked = await doctor('--live', ...vhosts, '--sample', '12s', '--max-depth', '50', '--max-age', '10m')
    const declared = await doctor('topology.yaml')
    const at = (name: string) => `queue:${sick}/${name}`
    expect(provoked.code).toBe(2)
    expect(foundIn(provoked.checkup)).toEqual(
      [
        ...['deep', 'full', 'old'].map((name) => `consumers-missing ${at(name)}`),
        `dead-letters ${at('work.dead')}`,
        ...['deep', 'full'].map((name) => `depth ${at(name)}`),
        `held-dead-letters ${at('holds')}`,
        'no-heartbeat',
        `oldest-message ${at('old')}`,
        `stuck-delays ${at('delay')}`,
        `unacknowledged ${at('stays')}`,
      ].toSorted(),
    )
    expect(provoked.checkup.checks.filter(({ status }) => status === 'unknown')).toEqual([])
    expect(foundIn(declared.checkup)).toEqual([`consumers-missing ${at('subscribed')}`, 'no-heartbeat'])

    // The clients that an upgrade affects.
    if (isAtLeast(version, '4.1.0')) return
    const upgrade = await warren(['doctor', '--before-upgrade', '4.3', '--live', '--vhost', sick, '--format', 'json'])
    const { issues, path, unknown } = JSON.parse(upgrade.stdout) as {
      issues: { feature: string }[]
      path: string[]
      unknown: string[]
    }
    expect(path.slice(-2)).toEqual(['4.2', '4.3'])
    const features = issues.map(({ feature }) => feature)
    expect(features).toContain('small-frames')
    // RabbitMQ 4.0 does not report the prefetch of a whole channel.
    const isReported = !isAtLeast(version, '4.0.0')
    expect([features.includes('global-qos'), unknown.some((each) => each.includes('basic.qos global'))]).toEqual([
      isReported,
      !isReported,
    ])
  },
)

it('warren doctor --live examines the vhost with the given name, even if the name looks like a renaming', async () => {
  const { code, stderr } = await warren(['doctor', '--live', '--vhost', 'no=such'])

  expect(code).not.toBe(0)
  expect(stderr).toContain('no=such')
})
