import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/runtime/index.ts'
import type { ConnectOptions } from '../../../../src/runtime/index.ts'
import { publication, subscription } from '../../../runtime/routes.ts'
import { amqpUrl, freshName, freshUser } from '../../support/brokers/broker.ts'
import { keep, routesOf, runtimeVhost } from '../runtime-vhost.ts'

async function rejection(promise: Promise<unknown>): Promise<{ text: string; hint: unknown; code: unknown }> {
  const error: unknown = await promise.then(
    () => new Error('it did not reject'),
    (reason: unknown) => reason,
  )
  const { hint, code } = error as { hint?: unknown; code?: unknown }
  return { text: String(error), hint, code }
}

describe('connect', () => {
  it('names every route that lacks an object, and declares nothing (pitfalls 5, 48)', async () => {
    const here = await runtimeVhost()
    const connecting = here.connect({
      publications: [publication({ name: 'a', exchange: 'nowhere' }), publication({ name: 'b' })],
      subscriptions: [subscription({ name: 'c', queue: 'nothing' })],
    })

    const hint =
      'the runtime never declares: run `warren apply` with this topology first; where it was applied with overlays or ' +
      'variables, give connect() the file that `warren compile` writes with the same overlays and variables; and check that the vhost is the right one'
    expect(await rejection(connecting)).toEqual({
      text:
        `RouteError: publication "a" uses the exchange "nowhere", which does not exist in vhost "${here.vhost}"\n` +
        `subscription "c" uses the queue "nothing", which does not exist in vhost "${here.vhost}" — ${hint}`,
      hint,
      code: 'MISSING_OBJECT',
    })
    await expect(here.connect({ publications: [publication({ exchange: 'nowhere' })] })).rejects.toThrow('nowhere')
  })

  it('reports a missing exchange for failures, too', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    await here.channel.deleteExchange('email.failed')

    const { text } = await rejection(here.connect(routesOf('email', failure)))
    expect(text).toContain('subscription "emails" uses the exchange "email.failed", which does not exist')
  })

  it('reports missing delay queues if none of them exists', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [0, 50, 100] })
    const routes = routesOf('email', failure)
    const runtime = await here.connect(routes)
    for (const delay of ['50ms', '100ms']) await here.channel.deleteQueue(`email.retry.${delay}`)

    const text =
      'RouteError: subscription "emails" retries through the queues "email.retry.50ms", "email.retry.100ms", none of which ' +
      `exists in vhost "${here.vhost}" — the runtime never declares`
    expect((await rejection(here.connect(routes))).text).toContain(text)
    expect((await rejection(runtime.consume('emails', () => undefined))).text).toContain(text)
  })

  it('starts with some of the delay queues, and reports the missing ones', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [50, 60_000] })
    await here.channel.deleteQueue('email.retry.60000ms')
    const runtime = await here.connect(routesOf('email', failure))
    const events = keep(runtime, 'delaysMissing')

    await runtime.consume('emails', () => undefined)

    expect(events).toEqual([{ subscription: 'emails', queue: 'email', missing: ['email.retry.60000ms'] }])
    expect(runtime.isReady).toBe(true)
  })

  it('asks only for the routes that the program uses, and for others when they are used', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const routes = routesOf('email', failure)
    const other = subscription({ name: 'other', queue: 'nothing' })
    const runtime = await here.connect({ ...routes, subscriptions: [other] }, { routes: ['send-email'] })

    const { text } = await rejection(runtime.consume('other', () => undefined))
    expect(text).toContain('subscription "other" uses the queue "nothing", which does not exist')
    await expect(here.connect(routes, { routes: ['send-mail'] })).rejects.toThrow(
      'no publication or subscription "send-mail"',
    )
  })

  it('fails at once and without a secret on a wrong password', async () => {
    const here = await runtimeVhost()
    const login = await freshUser()
    const url = await amqpUrl(here.vhost, { ...login, password: 'hunter2' })

    // The attempts continue for longer than this test may.
    const { text, hint, code } = await rejection(
      here.connect({ publications: [publication()] }, { url, startTimeout: 3_600_000 }),
    )

    expect(text).toMatch(
      /^ConnectError: the broker at amqp:\/\/127\.0\.0\.1:\d+ refused the login — check the user name/,
    )
    expect({ hint, code }).toEqual({
      hint: 'check the user name and the password; guest may only log in from the same machine',
      code: 'ACCESS_REFUSED',
    })
  })

  it('fails at once on a vhost that does not exist or is forbidden', async () => {
    const here = await runtimeVhost()
    const topology = { routes: { publications: [publication()], subscriptions: [] } }
    const missing = freshName('vhost')

    const { text } = await rejection(connect({ topology, url: await amqpUrl(missing), vhosts: { '/': missing } }))
    expect(text).toMatch(`refused access to the vhost "${missing}"`)
    const url = await amqpUrl(here.vhost, await freshUser())
    expect((await rejection(here.connect({ publications: [publication()] }, { url }))).text).toMatch(
      'refused access to the vhost',
    )
  })

  it('gives up on an unreachable broker after the given time', async () => {
    const here = await runtimeVhost()
    const url = 'amqp://user:hunter2@127.0.0.1:1'
    const reasons: string[] = []
    const on: ConnectOptions['on'] = { connectionDown: ({ reason }) => reasons.push(reason) }
    const { text, code } = await rejection(
      here.connect({ publications: [publication()] }, { url, vhost: here.vhost, startTimeout: 300, on }),
    )
    expect(reasons).toEqual([text.replace('ConnectError: ', '')])
    expect(text).toMatch(
      /^ConnectError: the broker at amqp:\/\/127\.0\.0\.1:1 could not be reached: connect ECONNREFUSED/,
    )
    expect(text).not.toContain('hunter2')
    expect(code).toBe('UNREACHABLE')
  })

  it('finds the broker by .env of the current folder', async () => {
    const here = await runtimeVhost()
    const folder = await mkdtemp(join(tmpdir(), 'warren-env-'))
    const before = { folder: process.cwd(), url: process.env['WARREN_AMQP_URL'] }
    onTestFinished(async () => {
      process.chdir(before.folder)
      if (before.url !== undefined) process.env['WARREN_AMQP_URL'] = before.url
      await rm(folder, { recursive: true })
    })
    await writeFile(join(folder, '.env'), `WARREN_AMQP_URL=${here.url}\n`)
    process.chdir(folder)
    delete process.env['WARREN_AMQP_URL']

    const routes = { publications: [publication({ vhost: here.vhost })], subscriptions: [] }
    const runtime = await connect({ topology: { routes }, logger: false })
    expect([runtime.vhost, runtime.isReady, runtime.isAlive]).toEqual([here.vhost, true, true])
    await runtime.close()
    expect([runtime.isReady, runtime.isAlive]).toEqual([false, false])
  })

  it('continues with the next node when one is down', async () => {
    const here = await runtimeVhost()
    const url = ['amqp://127.0.0.1:1', here.url]
    const runtime = await here.connect({ publications: [publication()] }, { url, vhost: here.vhost })
    expect(runtime.isReady).toBe(true)
  })

  it('works with names of any characters', async () => {
    const here = await runtimeVhost()
    const queue = 'a/b %41 ~@#"\' ü'
    const failure = await here.ladder({ queue, delays: [20] })
    const runtime = await here.connect(routesOf(queue, failure))
    await runtime.consume(`${queue}s`, () => {
      throw new Error('no')
    })
    await runtime.publish(`send-${queue}`, 1, { messageId: 'm-1' })
    expect((await here.take(`${queue}.dead`)).properties.messageId).toBe('m-1')
  })
})
