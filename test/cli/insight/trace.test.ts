import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommandLine } from '../../../src/cli/run-command-line.ts'
import { silentProcess } from '../../builders/silent-io.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TOPOLOGY = join(ROOT, 'test/guides/trace/topology.yaml')

async function trace(...args: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const io = silentProcess({ out: (text) => void (stdout += text), err: (text) => void (stderr += text) })
  const code = await runCommandLine(['trace', '--no-config', ...args], io)
  return { code, stdout, stderr }
}

describe('warren trace', () => {
  it('prints what the guide shows', async () => {
    const page = await readFile(join(ROOT, 'docs/how-to/trace.md'), 'utf8')
    const shown = [...page.matchAll(/^```console\n\$ npx warren trace ([^\n]*)\n([^]*?)^```/gm)]

    expect(shown.length).toBeGreaterThanOrEqual(3)
    for (const [, line = '', output] of shown) {
      const words = line.split(' ').map((word) => (word === 'topology.yaml' ? TOPOLOGY : word))
      expect(await trace(...words)).toEqual({ code: 0, stdout: output, stderr: '' })
    }
    expect(page).toContain(await readFile(TOPOLOGY, 'utf8'))
  })

  it('prints the same as data', async () => {
    const { stdout } = await trace(TOPOLOGY, '--publication', 'invoice-paid', '--format', 'json')

    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      kind: 'message',
      publication: 'invoice-paid',
      routingKey: 'billing.invoice.paid',
      reach: { queues: ['audit', 'billing'], choices: [], doubts: [] },
      notMatched: 1,
      mayPublish: { allowed: ['billing-api'] },
    })
  })

  it('follows a message through definitions that a broker exported, by the rules of its version', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-trace-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'definitions.json')
    const definitions = {
      rabbitmq_version: '3.10.8',
      vhosts: [{ name: 'v' }],
      users: [],
      permissions: [],
      exchanges: [
        { name: 'e', vhost: 'v', type: 'fanout', durable: true, auto_delete: false, internal: false, arguments: {} },
      ],
      queues: [{ name: 'q', vhost: 'v', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum' } }],
      bindings: [
        { source: 'e', vhost: 'v', destination: 'q', destination_type: 'queue', routing_key: '', arguments: {} },
      ],
    }
    await writeFile(path, JSON.stringify(definitions))

    const { stdout, stderr } = await trace('--from', path, '--exchange', 'e', '--format', 'json')

    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ vhost: 'v', brokerVersion: '3.10.8', reach: { queues: ['q'] } })
  })

  it.each([
    [['--publication', 'invoice-payed'], 'there is no publication "invoice-payed"', 'did you mean "invoice-paid"?'],
    [['--queue', 'biling'], 'there is no queue "biling"', 'did you mean "billing"?'],
    [['--exchange', 'event'], 'there is no exchange "event"', 'did you mean "events"?'],
    [['--publication', 'invoice-paid', '--parameter', 'id=1'], 'has no parameter "id"', 'it has none'],
    [['--queue', 'billing', '--vhost', 'other'], 'there is no vhost "other"', ''],
    [['--queue', 'billing', '--exchange', 'events'], '--exchange and --queue exclude each other', 'give one of'],
    [['--queue', 'billing', '--key', 'k'], '--key has no effect without --exchange', ''],
    [[], 'the command does not say what to trace', 'give one of'],
    [['--queue', 'billing', '--broker-version', 'new'], '"new" is not a version of RabbitMQ', '4.3'],
  ])('explains the problem of %j', async (args, message, hint) => {
    const { code, stderr, stdout } = await trace(TOPOLOGY, ...args)

    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
  })

  it('asks for the values of the parameters of a routing key', async () => {
    const events = join(ROOT, 'topologies/topic-events.yaml')

    const missing = await trace(events, '--publication', 'user-event', '--parameter', 'userId=7')
    expect(missing.stderr).toContain('needs a value for its parameter event')
    const dotted = await trace(
      events,
      '--publication',
      'user-event',
      '--parameter',
      'userId=7.8',
      '--parameter',
      'event=x',
    )
    expect(dotted.stderr).toContain('has to be one word without a dot')
    const { stdout } = await trace(
      events,
      '--publication',
      'user-event',
      '--parameter',
      'userId=7',
      '--parameter',
      'event=signed-in',
    )
    expect(stdout).toContain('queue user-activity')
  })
})
