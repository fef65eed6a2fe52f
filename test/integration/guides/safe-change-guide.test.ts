import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { ROOT } from '../support/command-line.ts'
import { partsOf, plain } from './guide-story.ts'
import { warren } from '../support/warren-in-process.ts'

const AT_THE_BROKER: Readonly<Record<string, (vhost: string) => Promise<void>>> = {
  'make the classic queue returns': async (vhost) => {
    const { api } = await testBroker()
    await api.put(['queues', vhost, 'returns'], { durable: true, arguments: { 'x-queue-type': 'classic' } })
  },
  'publish 3 messages to invoices': async (vhost) => {
    const { connect } = await import('amqplib')
    const connection = await connect(await amqpUrl(vhost))
    const channel = await connection.createConfirmChannel()
    for (const body of ['1', '2', '3']) channel.sendToQueue('invoices', Buffer.from(body), { persistent: true })
    await channel.waitForConfirms()
    await connection.close()
  },
}

describe('the guide to safe change', () => {
  it('describes a story that can be replayed', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/safe-change.md'), 'utf8')
    const vhost = await freshVhost()
    const folder = await mkdtemp(join(tmpdir(), 'warren-guide-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const here = (text: string) =>
      text.replaceAll(/\bvhost: shop$/gm, `vhost: ${vhost}`).replaceAll(':shop/', `:${vhost}/`)
    const there = (text: string) => text.replaceAll(vhost, 'shop')
    const environment = { NO_COLOR: '1', WARREN_AMQP_URL: await amqpUrl(vhost) }
    const parts = partsOf(guide)
    const happened: [command: string, code: number | null, output: string][] = []

    for (const part of parts) {
      if (part.kind === 'file') await writeFile(join(folder, part.name), here(part.text))
      else if (part.kind === 'broker') await AT_THE_BROKER[part.what]?.(vhost)
      else {
        const { code, stdout, stderr } = await warren(part.args.map(here), { folder, environment })
        const output = part.code === 5 ? `${stdout}\n${stderr}` : stdout
        happened.push([part.args.join(' '), code, plain(there(output))])
      }
    }

    expect(happened).toEqual(
      parts.flatMap((part) => (part.kind === 'command' ? [[part.args.join(' '), part.code, plain(part.output)]] : [])),
    )
    expect(happened).toHaveLength(20)
  }, 900_000)

  it('sends no request to the broker that the test does not know', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/safe-change.md'), 'utf8')
    const asked = partsOf(guide).flatMap((part) => (part.kind === 'broker' ? [part.what] : []))

    expect(asked.toSorted()).toEqual(Object.keys(AT_THE_BROKER).toSorted())
  })
})
