import { connect as connectAmqp } from 'amqplib'
import type { ConfirmChannel, GetMessage, Options } from 'amqplib'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { amqpUrl, freshVhost } from '../support/brokers/broker.ts'
import { files, managementUrl, type Running, startWarren } from '../support/command-line.ts'
import { command, type Ended } from '../support/command-in-process.ts'
import { until } from '../support/until.ts'

/**
 * A topology in the vhost of one test, and functions with which the test inspects it: they use amqplib alone, not the
 * code under test.
 */
export interface DeadLetterPlace {
  readonly vhost: string
  readonly file: string
  readonly channel: ConfirmChannel
  /** Runs `warren dlq …` with the topology, within the test. */
  readonly dlq: (...args: string[]) => Promise<Ended>
  /** Runs `warren dlq … --live` without files, within the virtual host of the test. */
  readonly live: (...args: string[]) => Promise<Ended>
  /** The same as `dlq`, as JSON. */
  readonly json: <T>(...args: string[]) => Promise<T>
  /** The same as a process, which can be killed. */
  readonly start: (...args: string[]) => Promise<Running>
  /** Publishes dead letters like a worker that has failed, each with the headers of the runtime. */
  readonly fail: (queue: string, letters: readonly Failing[]) => Promise<void>
  readonly ready: (queue: string) => Promise<number>
  /** Takes all messages, in order. */
  readonly takeAll: (queue: string) => Promise<GetMessage[]>
}

export interface Failing extends Options.Publish {
  readonly messageId: string
  readonly body?: Buffer
  readonly reason?: string
  readonly error?: string
  readonly retries?: number
  readonly firstFailed?: string
}

/** Applies a topology; `VHOST` in the text stands for the vhost of the test. */
export async function deadLetterPlace(topology: string): Promise<DeadLetterPlace> {
  const vhost = await freshVhost()
  const folder = await files({ 'topology.yaml': topology.replaceAll('VHOST', vhost) })
  const file = join(folder, 'topology.yaml')
  const environment = { WARREN_URL: await managementUrl(), WARREN_AMQP_URL: await amqpUrl(vhost) }
  const applied = await command(['apply', file, '--auto-approve'], environment)
  if (applied.code !== 0) throw new Error(applied.stdout + applied.stderr)
  const connection = await connectAmqp(await amqpUrl(vhost))
  onTestFinished(() => connection.close())
  const channel = await connection.createConfirmChannel()
  const dlq = (verb = '', ...args: string[]): Promise<Ended> => command(['dlq', verb, ...args, file], environment)
  const ready = async (queue: string): Promise<number> => (await channel.checkQueue(queue)).messageCount
  return {
    vhost,
    file,
    channel,
    dlq,
    live: (verb = '', ...args) => command(['dlq', verb, ...args, '--live', '--vhost', vhost], environment),
    json: async <T>(...args: string[]) => {
      const { code, stdout, stderr } = await dlq(...args, '--format', 'json')
      if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`)
      return JSON.parse(stdout) as T
    },
    start: (verb = '', ...args) => startWarren(['dlq', verb, ...args, file], { environment }),
    fail: async (queue, letters) => {
      const before = await ready(`${queue}.dead`)
      for (const {
        body,
        reason = 'error',
        error = 'Error: it failed',
        retries = 0,
        firstFailed,
        ...options
      } of letters) {
        const headers = {
          ...(options.headers as Record<string, unknown>),
          'x-warren-attempt': retries,
          'x-warren-reason': reason,
          'x-warren-error': error,
          'x-warren-first-failed': firstFailed ?? '2026-01-31T08:00:00.000Z',
          'x-warren-exchange': 'tasks',
          'x-warren-routing-key': queue,
        }
        channel.publish(`${queue}.failed`, 'dead', body ?? Buffer.from(options.messageId), {
          persistent: true,
          ...options,
          headers,
        })
      }
      await channel.waitForConfirms()
      await until(async () => (await ready(`${queue}.dead`)) === before + letters.length, 'the dead letters')
    },
    ready,
    takeAll: async (queue) => {
      const messages: GetMessage[] = []
      for (;;) {
        const message = await channel.get(queue, { noAck: true })
        if (!message) return messages
        messages.push(message)
      }
    },
  }
}

/** `m0`, `m1`, … */
export function numbered(count: number): Failing[] {
  return Array.from({ length: count }, (_, index) => ({ messageId: `m${index}` }))
}

export function idsOf(messages: readonly GetMessage[]): string[] {
  return messages.map(({ properties }) => String(properties.messageId))
}
