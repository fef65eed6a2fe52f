import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sendEmails } from '../guides/runtime/send-emails.ts'
import { keep, routesOf, runtimeVhost } from './runtime-vhost.ts'
import { until } from './until.ts'

const ROOT = join(import.meta.dirname, '../..')

describe('the guide to the runtime', () => {
  it('shows the example that is run here', async () => {
    const guide = await readFile(join(ROOT, 'docs/guides/runtime.md'), 'utf8')
    const [, name = '', text] = /<!-- (test\/guides\/runtime\/\S+) -->\n\n```ts\n([^]*?)```/.exec(guide) ?? []
    expect(text).toBe(await readFile(join(ROOT, name), 'utf8'))
  })

  it('has an example that does what it says', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const runtime = await here.connect(routesOf('email', failure))
    const retried = keep(runtime, 'retried')
    const sent: string[] = []
    await sendEmails(runtime, async ({ recipient }) => {
      if (recipient === 'nobody') return 550
      if (recipient === 'busy' && retried.length === 0) return 421
      sent.push(recipient)
      return 250
    })

    for (const recipient of ['ann', 'nobody', 'busy'])
      await runtime.publish('send-email', { task_id: recipient, recipient })

    expect((await here.take('email.dead')).properties.headers).toMatchObject({
      'x-warren-attempt': 0,
      'x-warren-error': 'DoNotRetry: nobody does not exist',
    })
    await until(() => sent.length === 2, 'both emails to be sent')
    expect(sent).toEqual(['ann', 'busy'])
  })
})
