import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshVhost } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** A repository with two projects, in two environments on one broker and in one without a broker. */
async function repository(
  shipping = 'queues: { parcels: { type: classic } }',
  billing = 'queues: { bills: { type: classic } }',
): Promise<string> {
  const [one, two] = [await freshVhost(), await freshVhost()]
  return files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { billing: { paths: [billing.yaml] }, shipping: { paths: [shipping.yaml] } }
environments:
  one: { url: "\${env:BROKER}", vhosts: { /shop: ${one} } }
  two: { url: "\${env:BROKER}", vhosts: { /shop: ${two} } }
  same: { url: "\${env:BROKER}", vhosts: { /shop: ${two} } }
  down: { url: "http://127.0.0.1:1" }
`,
    'billing.yaml': `warren: 1\nproject: billing\nvhost: /shop\n${billing}\n`,
    'shipping.yaml': `warren: 1\nproject: shipping\nvhost: /shop\n${shipping}\n`,
  })
}

async function plan(folder: string, ...args: readonly string[]) {
  return warren(['plan', '--retries', '0', ...args], { folder, environment: { BROKER: await managementUrl() } })
}

describe('a plan of several projects and environments', () => {
  it('shows all plans in the order given, and ends with a table and one digest', async () => {
    const { code, stdout } = await plan(await repository(), '-e', 'two', '-e', 'one', '--detailed-exitcode')

    expect(code).toBe(2)
    expect([...stdout.matchAll(/^Environment {2}(\w+) {3}project (\w+)$/gm)].map(([, ...names]) => names)).toEqual([
      ['two', 'billing'],
      ['two', 'shipping'],
      ['one', 'billing'],
      ['one', 'shipping'],
    ])
    expect(stdout.split('\n').slice(-7, -2)).toEqual([
      'Environment  Project   Create  Update  Replace  Delete  Adopt  Blocked  Exit',
      'two          billing   1       0       0        0       0      0        2',
      'two          shipping  1       0       0        0       0      0        2',
      'one          billing   1       0       0        0       0      0        2',
      'one          shipping  1       0       0        0       0      0        2',
    ])
    expect(stdout).toMatch(/^Digest {3}[0-9a-f]{64} of all runs\n$/m)
  })

  it('loads all files before any broker is asked', async () => {
    const { code, stdout, stderr } = await plan(
      await repository('queues: { a: { typ: x } }'),
      '-e',
      'down',
      '-e',
      'one',
    )

    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('unknown key "typ"')
    expect(stderr).not.toContain('cannot reach')
  })

  it('plans the other environments when a broker cannot be reached', async () => {
    const { code, stdout } = await plan(await repository(), '-e', 'down', '-e', 'one', '--project', 'billing')

    expect(code).toBe(6)
    expect(stdout).toContain('down         billing  -       -       -        -       -      -        6')
    expect(stdout).toContain('one          billing  1       0       0        0       0      0        0')
  })

  it('counts an object as present if another project of the same environment declares it', async () => {
    const folder = await repository(
      'exchanges: { events: { external: true } }\nqueues: { parcels: { type: classic, bindings: [{ exchange: events }] } }',
      'exchanges: { events: { type: fanout } }',
    )
    const { code, stdout } = await plan(folder, '-e', 'one')
    const alone = await plan(folder, '-e', 'one', '--project', 'shipping')

    expect(code).toBe(0)
    expect(stdout).toMatch(/! exchange:\S+\/events: not on the broker yet, expected as billing declares/)
    expect(alone.code).toBe(4)
  })

  it('accepts addresses of --target and --exclude and a vhost of --vhost that only one of the projects has', async () => {
    const vhost = await freshVhost()
    const folder = await repository()
    await writeFile(
      join(folder, 'shipping.yaml'),
      'warren: 1\nproject: shipping\nvhost: /boxes\nqueues: { parcels: { type: classic }, boxes: { type: classic } }\n',
    )
    const [target, exclude] = [`queue:${encodeURIComponent(vhost)}/parcels`, `queue:${encodeURIComponent(vhost)}/boxes`]
    const narrowed = (...args: readonly string[]) => plan(folder, '-e', 'one', '--vhost', `/boxes=${vhost}`, ...args)

    for (const [args, created] of [
      [['--target', target], 1],
      [['--exclude', exclude], 1],
      [[], 2],
    ] as const) {
      const { code, stdout, stderr } = await narrowed(...args)
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`^one +shipping +${created} +0 +0 +0 +0 +0 +0$`, 'm'))
    }
    for (const option of ['--target', '--exclude']) {
      expect(await narrowed(option, `${target}x`)).toMatchObject({ code: 4 })
    }
    const unknown = await narrowed('--vhost', '/none=/x')
    expect(unknown).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no document describes the vhost "/none"'),
    })
  })

  it('is refused when two runs have the same cluster, project and vhost', async () => {
    const { code, stderr } = await plan(await repository(), '-e', 'two', '-e', 'same')

    expect(code).toBe(3)
    expect(stderr).toContain('the environments "two" and "same" both have the vhost')
  })

  it.each([
    [['-e', 'one', '--against', 'definitions.json'], '--against works with a single plan'],
    [['-e', 'one', '-e', 'two', '--adopt'], '--adopt works with one environment'],
    [['-e', 'one', '-e', 'two', '--amqp-url', 'amqp://mq'], '--amqp-url works with one environment'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await plan(await repository(), ...args)

    expect(code).toBe(3)
    expect(stderr).toContain(message)
  })
})

describe('drift of several projects and environments', () => {
  it('compares each of them, and exits with 2 when one differs', async () => {
    const folder = await repository()
    const environment = { BROKER: await managementUrl() }
    const drift = () => warren(['drift', '-e', 'one', '-e', 'two'], { folder, environment })
    for (const [name, project] of [
      ['one', 'billing'],
      ['one', 'shipping'],
      ['two', 'billing'],
    ] as const) {
      const applied = await warren(['apply', '-y', '-e', name, '--project', project], { folder, environment })
      expect(applied).toMatchObject({ code: 0 })
    }
    const different = await drift()
    await warren(['apply', '-y', '-e', 'two', '--project', 'shipping'], { folder, environment })

    expect(different.code).toBe(2)
    expect(different.stdout).toContain('one          billing   0       0       0        0       0      0        0')
    expect(different.stdout).toContain('two          shipping  1       0       0        0       0      0        2')
    expect(await drift()).toMatchObject({ code: 0 })
  })
})
