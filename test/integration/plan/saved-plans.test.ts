import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, warren as program } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

const bodyOf = (length: number) =>
  `exchanges:\n  events: { type: topic }\npolicies:\n  limit: { pattern: "^q", applyTo: queues, definition: { max-length: ${length} } }\n`
const WITH_QUEUE = 'queues:\n  q: { type: classic, bindings: [{ exchange: events, routingKey: k }] }\n'

/** Saves a plan that changes a policy and creates a queue with a binding to an existing exchange. */
async function place() {
  const vhost = await freshVhost()
  const head = `warren: 1\nproject: shop\nvhost: ${vhost}\n`
  const folder = await files({ 'topology.yaml': head + bodyOf(5) })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/topology.yaml`, head + bodyOf(6) + WITH_QUEUE)
  expect(await warren(['plan', '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })
  const { api } = await testBroker()
  const applyIt = () => warren(['apply', 'plan.json'], { folder })
  const length = async () => {
    const policy = await api.get<{ definition: Record<string, unknown> }>(['policies', vhost, 'limit'])
    return policy?.definition['max-length']
  }
  return { vhost, head, folder, api, applyIt, length }
}

const second = (folder: string) => warren(['plan', '--prune', '--detailed-exitcode', 'topology.yaml'], { folder })

describe('a saved plan', () => {
  it('is shown again, and applied without asking', async () => {
    const { folder, applyIt } = await place()
    const planned = await warren(['plan', 'topology.yaml'], { folder })

    // In other tests, a project of the same name has virtual hosts, and the plan mentions them.
    const ownPart = (text: string) => text.replace(/^Elsewhere .*\n/m, '')
    const shown = await warren(['show', 'plan.json'], { folder })
    expect([shown.code, ownPart(shown.stdout)]).toEqual([0, ownPart(planned.stdout)])
    expect(await applyIt()).toMatchObject({ code: 0 })
    expect(await second(folder)).toMatchObject({ code: 0 })
  })

  it('is recognized by its content under any file name, and so is its undo plan', async () => {
    const { folder, length } = await place()
    expect(await warren(['plan', '--out', 'plan', 'topology.yaml'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/plan.yaml`, `\uFEFF${await readFile(`${folder}/plan`, 'utf8')}`)

    expect(await warren(['show', 'plan.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['apply', 'plan', '--out-undo', 'undo.txt'], { folder })).toMatchObject({ code: 0 })
    expect(await length()).toBe(6)
    expect(await warren(['apply', 'plan.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
    })
    expect(await warren(['apply', 'undo.txt'], { folder })).toMatchObject({ code: 0 })
    expect(await length()).toBe(5)
  })

  it('is read from standard input', async () => {
    const { folder, length } = await place()
    const input = await readFile(`${folder}/plan.json`, 'utf8')

    expect(await program(['show', '-'], { folder, input })).toMatchObject({ code: 0 })
    expect(await program(['apply', '-', '-y'], { folder, input })).toMatchObject({ code: 0 })
    expect(await length()).toBe(6)
  })

  it('is reported as damaged when it was cut off', async () => {
    const { folder } = await place()
    const text = await readFile(`${folder}/plan.json`, 'utf8')
    await writeFile(`${folder}/cut`, text.slice(0, text.length / 2))

    expect(await warren(['apply', 'cut'], { folder })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('cut cannot be used as a saved plan: it is not JSON'),
    })
  })

  it('does nothing when an object that it changes has changed', async () => {
    const { vhost, folder, api, applyIt, length } = await place()
    await api.put(['policies', vhost, 'limit'], {
      pattern: '^q',
      definition: { 'max-length': 7 },
      'apply-to': 'queues',
    })

    expect(await applyIt()).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/policy:.*\/limit: planned from present, found changed \(definition\.max-length\)/),
    })
    expect([await length(), await api.get(['queues', vhost])]).toEqual([7, []])
    expect(await warren(['show', 'plan.json'], { folder })).toMatchObject({ code: 0 })
  })

  it('does nothing when an object that it refers to has changed', async () => {
    const { vhost, api, applyIt, length } = await place()
    await api.delete(['exchanges', vhost, 'events'])
    await api.put(['exchanges', vhost, 'events'], { type: 'fanout', durable: true })

    expect(await applyIt()).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/exchange:.*\/events: planned from present, found changed/),
    })
    expect([await length(), await api.get(['queues', vhost])]).toEqual([5, []])
  })

  it('is applied when something else has changed', async () => {
    const { vhost, folder, api, applyIt } = await place()
    await api.put(['queues', vhost, 'elsewhere'], { durable: true })

    expect(await applyIt()).toMatchObject({ code: 0 })
    expect(await second(folder)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 not ours') })
  })

  it('has nothing to do when all changes are already made, and makes the rest when only some are', async () => {
    const { vhost, folder, api, applyIt, length } = await place()
    await api.put(['policies', vhost, 'limit'], {
      pattern: '^q',
      definition: { 'max-length': 6 },
      'apply-to': 'queues',
    })

    expect(await applyIt()).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied  2 done') })
    expect(await length()).toBe(6)
    expect(await applyIt()).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    expect(await second(folder)).toMatchObject({ code: 0 })
  })

  it('that is broken is refused', async () => {
    const { vhost, folder, api } = await place()
    const text = await readFile(`${folder}/plan.json`, 'utf8')
    const plan = JSON.parse(text) as Record<string, unknown>
    const broken = {
      'cut.json': text.slice(0, 200),
      'older.json': JSON.stringify({ ...plan, format: 1 }),
      'printed.json': JSON.stringify({ ...plan, preconditions: undefined, checksum: undefined }),
    }
    for (const [name, content] of Object.entries(broken)) {
      await writeFile(`${folder}/${name}`, content)
      expect([name, (await warren(['apply', name], { folder })).code]).toEqual([name, 3])
      expect([name, (await warren(['show', name], { folder })).code]).toEqual([name, 3])
    }
    expect(await api.get(['queues', vhost])).toEqual([])
  })

  it('is not mixed with options that belong to a plan', async () => {
    const { folder } = await place()

    expect(await warren(['apply', 'plan.json', '--prune'], { folder })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--prune has no effect on a saved plan'),
    })
  })
})

const OTHER_DIGEST = '0'.repeat(64)

describe('the digest of a plan', () => {
  it('allows the apply of its own plan only', async () => {
    const { vhost, folder, api, length } = await place()
    const { digest } = JSON.parse(await readFile(`${folder}/plan.json`, 'utf8')) as { digest: string }

    expect(await warren(['apply', '-y', '--expect-digest', OTHER_DIGEST, 'topology.yaml'], { folder })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`the plan has the digest ${digest}, and ${OTHER_DIGEST} was expected`),
    })
    expect([await length(), await api.get(['queues', vhost])]).toEqual([5, []])
    expect(await warren(['plan', '--expect-digest', OTHER_DIGEST, 'topology.yaml'], { folder })).toMatchObject({
      code: 5,
    })
    expect(await warren(['apply', '-y', '--expect-digest', digest, 'topology.yaml'], { folder })).toMatchObject({
      code: 0,
    })
    expect(await second(folder)).toMatchObject({ code: 0 })
  })
})

describe('the digest of a saved plan', () => {
  it('is the last line of the output of show, and allows only the reviewed plan', async () => {
    const { vhost, folder, api, length } = await place()
    const { stdout } = await warren(['show', 'plan.json'], { folder })
    const digest = /\nDigest {3}([0-9a-f]{64})\n$/.exec(stdout)?.[1] ?? ''
    const apply = (expected: string) => warren(['apply', 'plan.json', '--expect-digest', expected], { folder })

    expect(await apply(OTHER_DIGEST)).toMatchObject({ code: 5, stderr: expect.stringContaining(digest) })
    expect([await length(), await api.get(['queues', vhost])]).toEqual([5, []])
    expect(await apply(digest)).toMatchObject({ code: 0 })
    expect(await length()).toBe(6)
  })

  it('is refused by every command if it is incomplete', async () => {
    const { folder, length } = await place()
    const { digest } = JSON.parse(await readFile(`${folder}/plan.json`, 'utf8')) as { digest: string }

    for (const part of [digest.slice(0, 8), digest.slice(0, 32), digest.slice(0, 63), `${digest}0`, '']) {
      for (const args of [
        ['apply', 'plan.json'],
        ['apply', '-y', 'topology.yaml'],
        ['plan', 'topology.yaml'],
      ])
        expect(await warren([...args, '--expect-digest', part], { folder })).toMatchObject({
          code: 3,
          stderr: expect.stringContaining('takes all 64 hexadecimal digits'),
        })
    }
    expect(await length()).toBe(5)
  })
})

describe('the undo of an apply', () => {
  it('restores the previous state, and lists the data that it cannot restore', async () => {
    const { vhost, head, folder, api, length } = await place()
    const user = freshName('user')
    onTestFinished(() => api.delete(['users', user]))
    const users = `users:\n  ${user}: { password: "\${env:WORD}", permissions: { read: ".*" } }\n`
    const environment = { WORD: 'undone-w0rd' }
    await writeFile(`${folder}/topology.yaml`, head + bodyOf(5) + users)
    expect(await warren(['apply', '-y', 'topology.yaml'], { folder, environment })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, head + bodyOf(6) + WITH_QUEUE)

    const args = ['apply', '-y', '--prune', '--out-undo', 'undo.json', 'topology.yaml']
    expect(await warren(args, { folder })).toMatchObject({ code: 0 })
    expect([await length(), await api.get(['users', user])]).toEqual([6, undefined])
    const written = await readFile(`${folder}/undo.json`, 'utf8')
    const undo = JSON.parse(written) as { cannotBringBack: string[] }
    expect(undo.cannotBringBack).toEqual([`the password of user:${user}`])
    // A second run has nothing to do, and keeps the undo plan of the first.
    expect(await warren(args, { folder })).toMatchObject({ code: 0 })
    expect(await readFile(`${folder}/undo.json`, 'utf8')).toBe(written)

    expect(await warren(['apply', 'undo.json'], { folder })).toMatchObject({ code: 0 })
    expect([await length(), await api.get(['queues', vhost])]).toEqual([5, []])
    expect(await api.get(['permissions', vhost, user])).toMatchObject({ read: '.*' })
    await writeFile(`${folder}/topology.yaml`, head + bodyOf(5))
    expect(await warren(['plan', '--detailed-exitcode', 'topology.yaml'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('passwords', () => {
  it('by reference are resolved when a saved plan is applied; literal ones keep it from being saved', async () => {
    const { vhost, head, folder, api } = await place()
    const user = freshName('user')
    onTestFinished(() => api.delete(['users', user]))
    const userOf = (password: string) => `${head}users:\n  ${user}: { password: "${password}", tags: [monitoring] }\n`
    await writeFile(`${folder}/literal.yaml`, userOf('lit3ral-word'))
    await writeFile(`${folder}/topology.yaml`, userOf('${env:WORD}'))

    const refused = await warren(['plan', '--out', 'literal.json', 'literal.yaml'], { folder })
    expect(refused).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/user:.*contains a secret[\s\S]*\$\{env:NAME\}/),
    })
    expect(refused.stdout + refused.stderr).not.toContain('lit3ral-word')
    await expect(readFile(`${folder}/literal.json`, 'utf8')).rejects.toThrow('ENOENT')

    const planned = await warren(['plan', '--out', 'plan.json', 'topology.yaml'], {
      folder,
      environment: { WORD: 'at-plan-w0rd' },
    })
    expect(planned).toMatchObject({ code: 0 })
    expect(await readFile(`${folder}/plan.json`, 'utf8')).not.toContain('at-plan-w0rd')
    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('WORD is not set'),
    })
    expect(await api.get(['users', user])).toBeUndefined()
    const environment = { WORD: 'at-apply-w0rd' }
    expect(await warren(['apply', 'plan.json'], { folder, environment })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode', 'topology.yaml'], { folder, environment })).toMatchObject({
      code: 0,
    })
    expect(await api.get(['vhosts', vhost])).toMatchObject({ name: vhost })
  })

  it('and hashes, even those on the broker, are in no plan, report, undo, record or output', async () => {
    const { vhost, head, folder, api } = await place()
    const user = freshName('user')
    const parameter = freshName('parameter')
    onTestFinished(() => api.delete(['users', user]))
    onTestFinished(() => api.delete(['global-parameters', parameter]))
    const outputs: string[] = []
    const secrets = new Set(['f1rst-word', 's3cond-word', 'ses4me', 'open-n0w'])
    const environment = (word: string, login: string) => ({ WORD: word, LOGIN: login })
    const declared = `${head}users:\n  ${user}: { password: "\${env:WORD}" }\nglobalParameters:\n  ${parameter}: { uri: "amqp://joe:\${env:LOGIN}@mq.example" }\n`
    const run = async (args: readonly string[], words: Record<string, string>) => {
      const { code, stdout, stderr } = await warren(args, { folder, environment: words })
      outputs.push(stdout, stderr)
      const live = await api.get<{ password_hash: string }>(['users', user])
      if (live !== undefined) secrets.add(live.password_hash)
      return code
    }
    await writeFile(`${folder}/topology.yaml`, declared)
    const reports = ['--report', 'json=r.json', '--report', 'text=r.txt', '--report', 'diff=r.diff']
    const files_ = ['r.json', 'r.txt', 'r.diff', 'undo.json', 'plan.json']
    const collect = async () => {
      for (const name of files_) outputs.push(await readFile(`${folder}/${name}`, 'utf8'))
      outputs.push(JSON.stringify(await api.get(['queues', vhost])))
      const parameters = await api.get<{ name: string }[]>(['global-parameters'])
      outputs.push(JSON.stringify(parameters?.filter(({ name }) => name.startsWith('warren.'))))
    }

    const args = ['apply', '-y', ...reports, '--out-undo', 'undo.json', 'topology.yaml']
    expect(await run(args, environment('f1rst-word', 'ses4me'))).toBe(0)
    await collect()
    expect(await run(args, environment('s3cond-word', 'open-n0w'))).toBe(0)
    await collect()
    await writeFile(`${folder}/topology.yaml`, `${head}exchanges:\n  events: { type: topic }\n`)
    expect(await run(['plan', '--prune', '--out', 'plan.json', 'topology.yaml'], {})).toBe(0)
    expect(await run(['apply', '-y', '--prune', ...args.slice(2)], {})).toBe(0)
    await collect()

    expect(await api.get(['users', user])).toBeUndefined()
    expect(secrets.size).toBe(6)
    for (const secret of secrets) for (const text of outputs) expect(text).not.toContain(secret)
  })
})
