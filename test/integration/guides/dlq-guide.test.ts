import { connect as connectAmqp } from 'amqplib'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost } from '../support/brokers/broker.ts'
import { ROOT } from '../support/command-line.ts'
import { partsOf, plain } from './guide-story.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

/** Publishes as the runtime does when a handler has finally failed. */
async function letThreeFail(vhost: string): Promise<void> {
  const connection = await connectAmqp(await amqpUrl(vhost))
  const channel = await connection.createConfirmChannel()
  const failures = [
    { id: 'email-1', reason: 'error', hour: '08', text: 'Error: the mail server does not answer' },
    { id: 'email-2', reason: 'invalid', hour: '10', text: 'the body is not JSON' },
    { id: 'email-3', reason: 'error', hour: '09', text: 'Error: no such address' },
  ]
  for (const { id, reason, hour, text } of failures) {
    channel.publish('email.failed', 'dead', Buffer.from('{"recipient":"ann@localhost"}'), {
      messageId: id,
      contentType: 'application/json',
      persistent: true,
      headers: {
        tenant: 'acme',
        'x-warren-attempt': 3,
        'x-warren-reason': reason,
        'x-warren-error': text,
        'x-warren-first-failed': `2026-01-31T${hour}:00:00.000Z`,
        'x-warren-exchange': 'tasks',
        'x-warren-routing-key': 'email',
      },
    })
  }
  await channel.waitForConfirms()
  await until(async () => (await channel.checkQueue('email.dead')).messageCount === 3, 'the dead letters')
  await connection.close()
}

describe('the guide to dead letters', () => {
  it('describes a story that can be replayed', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/dead-letters.md'), 'utf8')
    const vhost = await freshVhost()
    const folder = await mkdtemp(join(tmpdir(), 'warren-guide-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const environment = { NO_COLOR: '1', WARREN_AMQP_URL: await amqpUrl(vhost) }
    const parts = partsOf(guide)
    const happened: [command: string, code: number | null, output: string][] = []

    for (const part of parts) {
      if (part.kind === 'file') {
        await writeFile(join(folder, part.name), part.text.replaceAll(/\bvhost: shop$/gm, `vhost: ${vhost}`))
      } else if (part.kind === 'broker') {
        if (part.what !== 'let 3 emails fail, one of them invalid') throw new Error(part.what)
        await letThreeFail(vhost)
      } else {
        const { code, stdout } = await warren(part.args, { folder, environment })
        // Other pages show the output of an apply.
        const output = part.args[0] === 'apply' ? '' : stdout.replaceAll(vhost, 'shop')
        happened.push([part.args.join(' '), code, plain(output)])
      }
    }

    expect(happened).toEqual(
      parts.flatMap((part) => (part.kind === 'command' ? [[part.args.join(' '), part.code, plain(part.output)]] : [])),
    )
    expect(happened).toHaveLength(7)
  })
})
