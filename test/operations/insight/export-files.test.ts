import { describe, expect, it } from 'vitest'
import { topologyKeyOrder } from '../../../src/desired/declaration/schema/key-order.ts'
import { formatYaml } from '../../../src/desired/source/yaml/format-yaml.ts'
import { maskCredentials } from '../../../src/model/secrets/mask-credentials.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { type ExportChoices, exportSnapshot, verificationText } from '../../../src/operations/insight/export.ts'
import { binding, exchange, permission, policy, queue, topology, user, vhost } from '../../builders/objects.ts'
import { snapshotOf } from '../../builders/snapshot-of.ts'

async function filesOf(found: Topology, choices: ExportChoices = {}): Promise<Record<string, string>> {
  const { topologies, others, verification } = await exportSnapshot(snapshotOf(found), choices)
  expect(verification.differences).toEqual([])
  return Object.fromEntries([...topologies, ...others].map(({ path, text }) => [path, text]))
}

async function fileOf(found: Topology, choices: ExportChoices = {}): Promise<string> {
  return (await filesOf(found, { singleProject: 'shop', ...choices }))['%2F.yaml'] ?? ''
}

/** Lines without a common indentation. */
function yaml(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n')
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0
  return lines.map((line) => line.slice(indent)).join('\n')
}

describe('exportSnapshot', () => {
  it('writes properties in place of arguments, durations in their largest whole unit, and no defaults', async () => {
    const found = topology({
      exchanges: [exchange('events', { type: 'topic', arguments: { 'alternate-exchange': 'nowhere' } })],
      queues: [
        queue('mail', {
          type: 'quorum',
          arguments: { 'x-message-ttl': 90_000, 'x-max-length-bytes': 1_073_741_824, 'x-own': { deep: [1, 'a'] } },
        }),
      ],
      bindings: [binding('events', 'mail', { routingKey: 'mail.#' }), binding('amq.fanout', 'mail')],
    })
    expect(await fileOf(found)).toBe(
      yaml(`
        warren: 1
        project: shop
        vhost: /
        exchanges:
          events:
            type: topic
            arguments:
              alternate-exchange: nowhere
        queues:
          mail:
            type: quorum
            messageTtl: 90s
            maxLengthBytes: 1GiB
            arguments:
              x-own:
                deep: [ 1, a ]
            bindings:
              - amq.fanout
              - exchange: events
                routingKey: "mail.#"
        `),
    )
  })

  it('makes a project of each group, and shares objects that several groups use', async () => {
    const found = topology({
      exchanges: [exchange('events', { type: 'topic' }), exchange('billing.jobs'), exchange('idle')],
      queues: ['billing.a', 'billing.b', 'billing.c', 'mail.a', 'mail.b', 'mail.c', 'other'].map((each) => queue(each)),
      bindings: [
        binding('events', 'billing.a', { routingKey: 'x' }),
        binding('events', 'mail.a', { routingKey: 'x' }),
        binding('billing.jobs', 'billing.b'),
      ],
      policies: [
        policy('billing', { pattern: '^billing', definition: { 'max-length': 5 } }),
        policy('all', { pattern: '', definition: { 'max-length': 9 }, priority: -1 }),
      ],
      users: [user('app', { tags: ['monitoring'] })],
      permissions: [permission('app', { read: '.*' })],
    })
    const files = await filesOf(found)
    expect(Object.keys(files)).toEqual([
      '%2F/_access.yaml',
      '%2F/_rest.yaml',
      '%2F/_shared.yaml',
      '%2F/billing.yaml',
      '%2F/mail.yaml',
      'EXPORT.md',
      'warren.config.yaml',
    ])
    expect(files['%2F/billing.yaml']).toBe(
      yaml(`
        warren: 1
        project: billing
        vhost: /
        exchanges:
          billing.jobs:
            type: direct
          events:
            type: topic
            external: true
        queues:
          # Policy "billing": max-length 5
          billing.a:
            type: classic
            bindings:
              - exchange: events
                routingKey: x
          # Policy "billing": max-length 5
          billing.b:
            type: classic
            bindings: [ billing.jobs ]
          # Policy "billing": max-length 5
          billing.c:
            type: classic
        policies:
          billing:
            pattern: "^billing"
            definition:
              max-length: 5
      `).trimEnd() + '\n',
    )
    expect(files['%2F/_access.yaml']).toContain(
      '  app:\n    tags: [ monitoring ]\n    permissions:\n      read: ".*"\n',
    )
  })

  it('puts a dead-letter queue into the group of its source', async () => {
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'graveyard' }
    const found = topology({
      queues: [...['a.1', 'a.2', 'a.3'].map((each) => queue(each, { arguments: dead })), queue('graveyard')],
    })
    expect((await filesOf(found))['%2F/a.yaml']).toContain('  graveyard:\n')
  })

  it('gives objects to the project that a record names, and protects them', async () => {
    const found = topology({ queues: [queue('a'), queue('b')] })
    const record = {
      project: 'mine',
      vhost: '/',
      owned: ['queue:%2F/a'],
      adopted: [],
      intended: [],
      protected: ['queue:%2F/a'],
      taken: [],
    }
    const records = { ownership: [record], damaged: [], journals: [], damagedJournals: [] }
    const { topologies, verification } = await exportSnapshot(snapshotOf(found, { records }), {})
    expect(verification).toEqual({ differences: [], adopts: 1 })
    const mine = topologies.find(({ path }) => path === '%2F/mine.yaml')
    expect(mine?.text).toContain('  a:\n    type: classic\n    protect: true\n')
  })

  it('leaves out objects that do not survive a restart, and objects that refer to them', async () => {
    const found = topology({
      exchanges: [exchange('events')],
      queues: [
        queue('durable'),
        queue('transient', { durable: false }),
        queue('leaving', { autoDelete: true }),
        queue('idle', { arguments: { 'x-expires': 1_000 } }),
      ],
      bindings: [binding('events', 'leaving')],
      users: [user('warren')],
    })
    const { leftOut } = await exportSnapshot(snapshotOf(found), {})
    expect(leftOut).toEqual([
      {
        address: 'binding:%2F/events/queue/leaving/',
        reason: 'its destination is left out: it deletes itself when its last consumer leaves',
      },
      { address: 'queue:%2F/idle', reason: 'it deletes itself when it is unused' },
      { address: 'queue:%2F/leaving', reason: 'it deletes itself when its last consumer leaves' },
      { address: 'queue:%2F/transient', reason: 'it does not survive a restart of the broker' },
      { address: 'user:warren', reason: 'the login of the export' },
    ])
    const all = await exportSnapshot(snapshotOf(found), { includeTransient: true })
    expect(all.leftOut.map(({ address }) => address)).toEqual(['user:warren'])
  })

  it('writes no secret, and refers to logins and hashes by variables', async () => {
    const uri = 'amqp://me:s3cret@far.example'
    const found = topology({
      vhosts: [vhost('/'), vhost('two')],
      users: [user('app', { credential: { kind: 'hash', hash: new Secret('c2VjcmV0aGFzaA==') } })],
      parameters: ['/', 'two'].map((name) => ({
        vhost: name,
        component: 'shovel',
        name: 'to-far',
        value: maskCredentials({ 'src-uri': 'amqp://', 'src-queue': 'a', 'dest-uri': uri, 'dest-queue': 'b' }),
      })),
    })
    const files = await filesOf(found)
    expect(JSON.stringify(files)).not.toMatch(/s3cret|c2VjcmV0aGFzaA/)
    expect(files['%2F/_links.yaml']).toContain('dest-uri: "${env:SHOVEL_TO_FAR_DEST_URI}"')
    expect(files['two/_links.yaml']).toContain('dest-uri: "${env:SHOVEL_TO_FAR_DEST_URI_2}"')
    expect(files['secrets.env.example']).toContain(
      '# shovel to-far dest-uri in "/": amqp://(secret)@far.example\nSHOVEL_TO_FAR_DEST_URI=\n',
    )
    expect(files['%2F/_access.yaml']).not.toContain('password')
    const hashed = await exportSnapshot(snapshotOf(found), { passwordHashes: true })
    expect(hashed.verification.differences).toEqual([])
    expect(hashed.topologies[0]?.text).toContain('passwordHash: "${env:PASSWORD_HASH_APP}"')
    expect(hashed.hashes.map(({ name, secret }) => [name, secret.reveal()])).toEqual([
      ['PASSWORD_HASH_APP', 'c2VjcmV0aGFzaA=='],
    ])
  })

  it('writes no text under a key that is called like a secret, and tells two such texts in one place apart', async () => {
    const bound = (routingKey: string, token: string) => binding('events', 'work', { routingKey, arguments: { token } })
    const found = topology({
      exchanges: [exchange('events', { type: 'topic' })],
      queues: [queue('work', { arguments: { 'x-own': { password: 's3cret-a' }, 'x-token': 's3cret-b' } })],
      bindings: [bound('a', 's3cret-c'), bound('b', 's3cret-d')],
    })
    const { topologies, others, verification } = await exportSnapshot(snapshotOf(found), { passwordHashes: true })

    expect(verification.differences).toEqual([])
    expect(JSON.stringify({ topologies, others })).not.toMatch(/s3cret/)
    expect(others.find(({ path }) => path === 'secrets.env.example')?.text.match(/^\w+(?==)/gm)).toEqual([
      'BINDING_EVENTS_WORK_TOKEN',
      'BINDING_EVENTS_WORK_TOKEN_2',
      'QUEUE_WORK_X_OWN_PASSWORD',
      'QUEUE_WORK_X_TOKEN',
    ])
  })

  it('quotes no login of a policy in a comment', async () => {
    const found = topology({
      queues: [queue('work')],
      policies: [policy('own', { pattern: '^work$', definition: { 'x-hook': 'https://me:s3cret@far.example' } })],
    })
    const files = await filesOf(found, { singleProject: 'shop' })

    expect(files['%2F.yaml']).toContain('# Policy "own": x-hook https://(secret)@far.example')
    expect(JSON.stringify(files)).not.toContain('s3cret')
  })

  it('keeps awkward names apart, in files too', async () => {
    const names = ['a/b', 'a%2Fb', '~', '@', '#', '${env:X}', 'ünïcode ✓', 'x'.repeat(255), 'Case', 'case', '...']
    const found = topology({
      vhosts: names.map((name) => vhost(name)),
      queues: names.flatMap((name) => names.map((each) => queue(each, { vhost: name }))),
    })
    const { topologies, verification } = await exportSnapshot(snapshotOf(found), {})
    expect(verification).toEqual({ differences: [], adopts: names.length ** 2 })
    const paths = topologies.map(({ path }) => path.toLowerCase())
    expect(new Set(paths).size).toBe(names.length)
    for (const path of paths) expect(path).toMatch(/^[\p{L}\p{N}%_-][\p{L}\p{N}%._-]{0,250}\/_rest\.yaml$/u)
  })

  it('leaves out objects that no file can declare, and says why', async () => {
    const found = topology({
      exchanges: [exchange('hash', { type: 'x-consistent-hash' })],
      queues: [queue('two\nlines'), queue('a', { arguments: { 'x-${y}': 1, 'x-max-length': 2 } }), queue('b')],
      bindings: [binding('hash', 'b', { routingKey: 'no number' })],
      policies: [policy('empty')],
    })
    const { leftOut, verification } = await exportSnapshot(snapshotOf(found), {})
    expect(verification.differences).toEqual([])
    expect(leftOut.map(({ address, reason }) => [address, reason.slice(0, 30)])).toEqual([
      ['binding:%2F/hash/queue/b/no%20number', 'files cannot declare it: the r'],
      ['policy:%2F/empty', 'files cannot declare it: the d'],
      ['queue:%2F/a', 'the name of its argument "x-${'],
      ['queue:%2F/two%0Alines', 'its name contains a line break'],
    ])
  })

  it('writes the form of warren fmt, the same each time', async () => {
    const found = topology({
      exchanges: [exchange('e', { type: 'topic' })],
      queues: [queue('q', { arguments: { 'x-max-length': 1 } }), queue('r')],
      bindings: [binding('e', 'q', { routingKey: '#' }), binding('e', 'q')],
      policies: [policy('p', { pattern: 'q', definition: { 'max-length': 5 } })],
    })
    const files = await filesOf(found)
    const reversed = { ...found, queues: found.queues.toReversed(), bindings: found.bindings.toReversed() }
    expect(await filesOf(reversed)).toEqual(files)
    const texts = Object.entries(files).flatMap(([path, text]) => (path.startsWith('%2F/') ? [text] : []))
    expect(texts.map((text) => formatYaml(text, topologyKeyOrder()))).toEqual(texts)
  })

  it('prints the result of the verification on one line', () => {
    expect(verificationText({ differences: [], adopts: 1_349 })).toBe('verified: 0 changes, 1,349 to adopt')
    expect(verificationText({ differences: ['a'], adopts: 0 })).toBe('not verified: 1 difference')
  })
})
