import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshUser } from '../support/brokers/broker.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { noLongerDeclared } from '../delete/no-longer-declared.ts'
import { warren } from '../support/warren-in-process.ts'

interface Request {
  readonly method: string
  readonly path: string
}

/** A virtual host in which a project owns the declared objects, and an apply during which other clients act. */
async function place(declared: string, kept?: string) {
  const { vhost, folder, api } = await noLongerDeclared(declared, kept)
  const connection = await connect(await amqpUrl(vhost))
  onTestFinished(() => connection.close())
  const channel = await connection.createConfirmChannel()
  const bindings = async () =>
    ((await api.get<{ source: string; destination: string; routing_key: string }[]>(['bindings', vhost])) ?? [])
      .filter(({ source }) => source !== '')
      .map(({ source, destination, routing_key: key }) => `${source} ${destination} ${key}`)
      .toSorted()
  return {
    vhost,
    folder,
    api,
    bindings,
    names: async (kind: 'queues' | 'exchanges') =>
      ((await api.get<{ name: string }[]>([kind, vhost])) ?? [])
        .map(({ name }) => name)
        .filter((name) => name !== '' && !name.startsWith('amq.')),
    publish: async (queue: string) => {
      channel.sendToQueue(queue, Buffer.from('one'), { persistent: true })
      await channel.waitForConfirms()
    },
    consume: async (queue: string) => void (await channel.consume(queue, () => undefined)),
    bind: (source: string, kind: 'q' | 'e', destination: string) =>
      api.post(['bindings', vhost, 'e', source, kind, destination], { routing_key: 'late' }),
    /** Runs the apply, and lets other clients act right before the given request reaches the broker. */
    run: async (
      args: readonly string[],
      meant: (request: Request, seen: readonly Request[]) => boolean,
      come: () => Promise<unknown>,
      login?: { readonly username: string; readonly password: string },
    ) => {
      const seen: Request[] = []
      let came = false
      await using proxy = await faultProxy(async (_count, request) => {
        if (!came && meant(request, seen)) {
          came = true
          await come()
        }
        seen.push(request)
        return undefined
      })
      const url = new URL(proxy.url)
      if (login) Object.assign(url, login)
      const ended = await warren(['apply', '-y', ...args], { folder, environment: { WARREN_URL: url.href } })
      expect(came).toBe(true)
      return ended
    },
  }
}

const isDeleteOf =
  (kind: 'queues' | 'exchanges', name: string) =>
  ({ method, path }: Request) =>
    method === 'DELETE' && path.startsWith(`/api/${kind}/`) && path.split('?')[0]?.endsWith(`/${name}`) === true

/** The count that decides: the first one after an unbind. */
function isSecondCount({ path }: Request, seen: readonly Request[]): boolean {
  return (
    path.includes('enable_queue_totals') &&
    seen.some((each) => each.path.startsWith('/api/bindings/') && each.method === 'DELETE')
  )
}

const boundQueues = (queues: Readonly<Record<string, string>>) =>
  `exchanges:\n  events: { type: topic }\nqueues:\n${Object.entries(queues)
    .map(([name, type]) => `  ${name}: { type: ${type}, bindings: [{ exchange: events, routingKey: k }] }\n`)
    .join('')}`

it('keeps an exchange that a prune would delete if dead letters of others are routed to it', async () => {
  const { vhost, api, run, names } = await place('exchanges:\n  events: { type: topic }\n  back: { type: direct }\n')
  const isQueueList = ({ path }: Request) => path.includes(`/queues/${vhost}?`) && path.includes('auto_delete')
  const table = { 'x-queue-type': 'classic', 'x-dead-letter-exchange': 'back' }

  const stopped = await run(
    ['--prune'],
    (request, seen) => isQueueList(request) && seen.some(isQueueList),
    () => api.put(['queues', vhost, 'theirs'], { durable: true, arguments: table }),
  )
  expect(stopped).toMatchObject({
    code: 5,
    stdout: expect.stringContaining(`queue:${vhost}/theirs sends messages there, which the plan did not name`),
  })
  expect(await names('exchanges')).toContain('back')
  expect(await run(['--prune'], isQueueList, () => Promise.resolve())).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(`by queue:${vhost}/theirs (not owned by any project)`),
  })
})

it('keeps a binding that a prune would delete if a message arrives that needs it', async () => {
  const rest = (bindings: string) =>
    `exchanges:\n  back: { type: direct }\nqueues:\n  work: { type: classic, bindings: [${bindings}] }\n` +
    '  wait: { type: classic, arguments: { x-message-ttl: 600000, x-dead-letter-exchange: back, x-dead-letter-routing-key: k } }\n'
  const { vhost, run, bindings, publish } = await place(rest('{ exchange: back, routingKey: k }'), rest(''))
  const isLastCount = ({ path }: Request, seen: readonly Request[]) =>
    path.includes('enable_queue_totals') && seen.some((each) => each.path.includes('enable_queue_totals'))

  expect(await run(['--prune'], isLastCount, () => publish('wait'))).toMatchObject({
    code: 5,
    stdout: expect.stringContaining(`1 message waits for it in queue:${vhost}/wait, and the plan named 0`),
  })
  expect(await bindings()).toEqual(['back work k'])
})

describe('a queue that a prune would delete is kept with its bindings', () => {
  it('if another client binds it after it was unbound', async () => {
    const { vhost, run, bindings, bind } = await place(boundQueues({ old: 'classic' }))

    expect(await run(['--prune'], isSecondCount, () => bind('amq.topic', 'q', 'old'))).toMatchObject({
      code: 5,
      stdout: expect.stringContaining(`the binding binding:${vhost}/amq.topic/queue/old/late was added`),
    })
    expect(await bindings()).toEqual(['amq.topic old late', 'events old k'])
  })

  it('if a message arrives after it was unbound', async () => {
    const { vhost, folder, api, run, bindings, publish } = await place(boundQueues({ old: 'classic' }))

    expect(await run(['--prune'], isSecondCount, () => publish('old'))).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('it has 1 message'),
    })
    expect(await bindings()).toEqual(['events old k'])
    // When it is empty, there is nothing to wait for.
    await api.delete(['queues', vhost, 'old', 'contents'])
    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it('if a message arrives in another queue, from which it needs this one', async () => {
    const delay =
      '  wait: { type: classic, arguments: { x-message-ttl: 600000, x-dead-letter-exchange: "", x-dead-letter-routing-key: old } }\n'
    const { vhost, folder, run, bindings, publish } = await place(
      boundQueues({ old: 'classic' }) + delay,
      `exchanges:\n  events: { type: topic }\nqueues:\n${delay}`,
    )

    expect(await run(['--prune'], isSecondCount, () => publish('wait'))).toMatchObject({
      code: 5,
      stdout: expect.stringContaining(`1 message waits for it in queue:${vhost}/wait, and the plan named 0`),
    })
    expect(await bindings()).toEqual(['events old k'])
    const allowed = ['--allow', `delete=queue:${vhost}/old`]
    expect(await warren(['apply', '-y', '--prune', ...allowed], { folder })).toMatchObject({ code: 0 })
  })

  it('if a message arrives in a queue that is deleted too, and from which it needs this one', async () => {
    const table = 'x-message-ttl: 600000, x-dead-letter-exchange: "", x-dead-letter-routing-key: old'
    const { run, names, publish } = await place(
      `${boundQueues({ old: 'classic' })}  wait: { type: classic, arguments: { ${table} } }\n`,
    )

    expect(await run(['--prune'], isSecondCount, () => publish('wait'))).toMatchObject({
      code: 5,
      stdout: expect.stringMatching(/queue:\S+\/wait is kept, and its messages need this queue/),
    })
    expect(await names('queues')).toEqual(['old', 'wait'])
  })

  it('if it belongs to a removed delay and a message arrives, without failing', async () => {
    const ladder = (delays: string) =>
      `queues:\n  work: { type: classic, retry: { delays: [${delays}] }, deadLetter: true }\n`
    const { folder, run, bindings, publish } = await place(ladder('1h, 2h'), ladder('1h'))

    expect(await run(['--prune'], isSecondCount, () => publish('work.retry.2h'))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/kept +queue:.*2h, 1 waiting/),
    })
    expect(await bindings()).toContain('work.failed work.retry.2h 2h')
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it('if a message or a consumer appears while others are deleted', async () => {
    const types = { a: 'classic', message: 'quorum', consumer: 'quorum' }
    const { run, bindings, names, publish, consume } = await place(boundQueues(types))
    const come = () => Promise.all([publish('message'), consume('consumer')])

    const ended = await run(['--prune', '--parallelism', '1'], isDeleteOf('queues', 'a'), come)
    expect(ended).toMatchObject({ code: 7, stdout: expect.stringContaining('it has 1 message, and the plan named 0') })
    expect(ended.stdout).toContain('it has 1 consumer, and the plan named 0')
    expect(await names('queues')).toEqual(['consumer', 'message'])
    expect(await bindings()).toEqual(['events consumer k', 'events message k'])
  })

  it.each(['message', 'consumer'] as const)(
    'if a %s appears at the very moment of the delete: classic',
    async (what) => {
      const { run, bindings, publish, consume } = await place(boundQueues({ old: 'classic' }))
      const come = () => (what === 'message' ? publish('old') : consume('old'))

      expect(await run(['--prune'], isDeleteOf('queues', 'old'), come)).toMatchObject({
        code: 5,
        stdout: expect.stringMatching(what === 'message' ? /queue 'old' .* not empty/ : /queue 'old' .* in use/),
      })
      expect(await bindings()).toEqual(['events old k'])
    },
  )

  it('and the report names bindings that could not be restored', async () => {
    const { vhost, run, bindings, api } = await place(boundQueues({ old: 'classic' }))
    const all = { configure: '.*', write: '.*', read: '.*' }
    const login = await freshUser({ tags: 'administrator', permissions: { [vhost]: all } })
    const refuse = () => api.delete(['permissions', vhost, login.username])

    expect(await run(['--prune'], isDeleteOf('queues', 'old'), refuse, login)).toMatchObject({
      code: 7,
      stdout: expect.stringContaining(`this may be missing now: binding:${vhost}/events/queue/old/k`),
    })
    expect(await bindings()).toEqual([])
  })
})

describe('an exchange that a prune would delete is kept', () => {
  const kept = 'exchanges:\n  events: { type: topic }\n'
  const declared = `${kept}  old: { type: topic }\n`

  it.each(['from', 'into'] as const)('if a binding %s it appears after the plan allowed another one', async (way) => {
    const { vhost, folder, bind, names, api } = await place(declared, kept)
    await api.post(['bindings', vhost, 'e', 'old', 'e', 'events'], { routing_key: 'known' })
    const allowed = ['--prune', '--allow', `delete=exchange:${vhost}/old`]
    expect(await warren(['plan', ...allowed, '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })
    await (way === 'from' ? bind('old', 'e', 'events') : bind('events', 'e', 'old'))
    const ends = way === 'from' ? 'old/exchange/events' : 'events/exchange/old'

    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 5,
      stdout: expect.stringContaining(`the binding binding:${vhost}/${ends}/late was added`),
    })
    expect(await names('exchanges')).toEqual(['events', 'old'])
  })

  it('if it is bound at the very moment of the delete', async () => {
    const { run, bind, names } = await place(declared, kept)

    expect(await run(['--prune'], isDeleteOf('exchanges', 'old'), () => bind('old', 'e', 'events'))).toMatchObject({
      code: 5,
      stdout: expect.stringMatching(/exchange 'old' .* in use/),
    })
    expect(await names('exchanges')).toEqual(['events', 'old'])
  })

  it('if a queue is kept that dead-letters to it, and so is the policy that limits it', async () => {
    const text = [
      'exchanges:\n  dead: { type: fanout }',
      'queues:\n  old: { type: classic, arguments: { x-dead-letter-exchange: dead } }\n  other: { type: classic }',
      'policies:',
      "  of-old: { pattern: '^old$', applyTo: queues, definition: { max-length: 9 } }",
      "  of-other: { pattern: '^other$', applyTo: queues, definition: { max-length: 9 } }\n",
    ]
    const { vhost, run, names, publish, api } = await place(text.join('\n'))

    expect(await run(['--prune'], isDeleteOf('queues', 'old'), () => publish('old'))).toMatchObject({
      code: 7,
      stdout: expect.stringMatching(/skipped .*exchange:\S+\/dead, because queue:\S+\/old was not done/),
    })
    expect(await names('queues')).toEqual(['old'])
    expect(await names('exchanges')).toEqual(['dead', 'events'])
    expect(await api.get(['policies', vhost])).toMatchObject([{ name: 'of-old' }])
  })

  it('if dead letters of a kept queue pass through it, together with its delay queue', async () => {
    const kept = 'queues:\n  all: { type: classic }\n'
    const text = [
      'exchanges:',
      '  by-policy: { type: fanout }',
      '  dead: { type: fanout, alternateExchange: unrouted }',
      '  unrouted: { type: fanout }',
      '  alone: { type: fanout }',
      `${kept}  by-argument: { type: classic, arguments: { x-dead-letter-exchange: dead } }`,
      '  with-policy: { type: classic }',
      '  bound: { type: classic, bindings: [alone] }',
      'bindings:',
      '  - { source: dead, destination: { queue: all } }',
      '  - { source: by-policy, destination: { queue: all } }',
      '  - { source: alone, destination: { queue: all } }',
      'policies:',
      "  p: { pattern: '^with', applyTo: queues, definition: { dead-letter-exchange: by-policy } }\n",
    ]
    const { run, names, bindings, publish } = await place(text.join('\n'), kept)
    const come = () => Promise.all([publish('by-argument'), publish('with-policy')])

    expect(await run(['--prune', '--max-deletes', '99'], isSecondCount, come)).toMatchObject({ code: 7 })
    expect((await names('queues')).toSorted()).toEqual(['all', 'by-argument', 'with-policy'])
    expect((await names('exchanges')).toSorted()).toEqual(['by-policy', 'dead', 'unrouted'])
    expect(await bindings()).toEqual(['by-policy all ', 'dead all '])
  })

  it('if another exchange names it as its alternate exchange', async () => {
    const both = 'exchanges:\n  old: { type: fanout, alternateExchange: unrouted }\n  unrouted: { type: fanout }\n'
    const { run, names, bind } = await place(both, kept)

    const ended = await run(['--prune'], isDeleteOf('exchanges', 'old'), () => bind('old', 'e', 'events'))
    expect(ended).toMatchObject({ code: 7 })
    expect((await names('exchanges')).toSorted()).toEqual(['events', 'old', 'unrouted'])
  })

  it('if a queue is kept that is bound to it', async () => {
    const both = `${declared}queues:\n  q: { type: classic, bindings: [{ exchange: old, routingKey: k }] }\n`
    const { vhost, run, bindings, publish, api } = await place(both, kept)
    await api.post(['bindings', vhost, 'e', 'old', 'e', 'events'], { routing_key: 'known' })
    const args = ['--prune', '--allow', `delete=exchange:${vhost}/old`]

    expect(await run(args, isDeleteOf('queues', 'q'), () => publish('q'))).toMatchObject({ code: 5 })
    expect(await bindings()).toEqual(['old events known', 'old q k'])
  })
})

describe('bindings that are created after an exchange was copied to its new name', () => {
  it('are copied to the new one before the old one is deleted', async () => {
    const declared = (name: string, more: string) =>
      `exchanges:\n  events: { type: topic }\n  ${name}: { type: topic${more} }\n`
    const { run, bind, bindings, names } = await place(declared('old', ''), declared('new', ', renamedFrom: old'))
    const isReadBack = ({ path }: Request, seen: readonly Request[]) =>
      path.startsWith('/api/exchanges/') && seen.some((each) => each.method === 'PUT' && each.path.endsWith('/new'))

    expect(await run([], isReadBack, () => bind('old', 'e', 'events'))).toMatchObject({ code: 0 })
    expect(await bindings()).toEqual(['new events late'])
    expect(await names('exchanges')).toEqual(['events', 'new'])
  })
})

describe('a queue that is replaced', () => {
  it('is kept if it is bound while its messages are counted', async () => {
    const { vhost, run, bind, bindings } = await place(boundQueues({ old: 'classic' }), boundQueues({ old: 'quorum' }))
    const counts = ({ path }: Request) => path.includes('enable_queue_totals')
    // The first count belongs to the plan.
    const isSecond = (request: Request, seen: readonly Request[]) => counts(request) && seen.some(counts)

    expect(
      await run(['--allow', `replace=queue:${vhost}/old`], isSecond, () => bind('amq.topic', 'q', 'old')),
    ).toMatchObject({
      code: 5,
      stdout: expect.stringContaining(`the binding binding:${vhost}/amq.topic/queue/old/late was added`),
    })
    expect(await bindings()).toEqual(['amq.topic old late', 'events old k'])
  })
})

describe('a change without deletes', () => {
  /** The first read of the broker after the run has claimed the objects that it is about to create. */
  const afterClaim = ({ method }: Request, seen: readonly Request[]) =>
    method === 'GET' && seen.some((each) => each.method === 'PUT' && each.path.startsWith('/api/global-parameters/'))

  it('does not limit a queue in which messages have arrived since the plan', async () => {
    const queue = 'queues:\n  work: { type: classic }\n'
    const limit = "policies:\n  limit: { pattern: '^work$', applyTo: queues, definition: { max-length: 0 } }\n"
    const { vhost, api, publish, run } = await place(queue, queue + limit)

    expect(await run([], afterClaim, () => publish('work'))).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('1 message waits in queue:'),
    })
    expect(await api.get(['policies', vhost, 'limit'])).toBeUndefined()
  })

  it('does not rename a queue if a message elsewhere has been waiting for it since the plan', async () => {
    const wait =
      '  wait: { type: classic, arguments: { x-message-ttl: 600000, x-dead-letter-exchange: "", x-dead-letter-routing-key: work } }\n'
    const { names, publish, run } = await place(
      `queues:\n  work: { type: classic }\n${wait}`,
      `queues:\n  job: { type: classic, renamedFrom: work }\n${wait}`,
    )

    expect(await run([], afterClaim, () => publish('wait'))).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('1 message waits for it in queue:'),
    })
    expect(await names('queues')).toEqual(expect.arrayContaining(['wait', 'work']))
  })
})
