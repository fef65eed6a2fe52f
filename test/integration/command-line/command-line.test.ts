import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { constants } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshName, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl, startWarren, warren } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { warren as inProcess } from '../support/warren-in-process.ts'

/** A small topology in its own vhost. */
async function small(extra = '') {
  const vhost = await freshVhost()
  const folder = await files({
    'topology.yaml': `warren: 1\nproject: test\nvhost: ${vhost}\nexchanges:\n  events: { type: topic }\nqueues:\n  audit:\n    bindings: [{ exchange: events, routingKey: "#" }]\n${extra}`,
  })
  return { vhost, folder }
}

describe('the command line', () => {
  it('asks before it applies, and does nothing without a terminal', async () => {
    const { vhost, folder } = await small()

    expect(await warren(['apply'], { folder })).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('--auto-approve'),
    })
    const { api } = await testBroker()
    expect(await api.get(['queues', vhost])).toEqual([])
  })

  it('applies a topology from standard input, in YAML and in JSON', async () => {
    const vhost = await freshVhost()
    const topology = { warren: 1, project: 'test', vhost, queues: { audit: {} } }

    const applied = await warren(['apply', '-', '-y'], { input: JSON.stringify(topology) })
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Files +- \(1 file\)/m) })
    const yaml = `warren: 1\nproject: test\nvhost: ${vhost}\nqueues:\n  audit:\n`
    expect(await warren(['plan', '-', '--detailed-exitcode'], { input: yaml })).toMatchObject({ code: 0 })
  })

  it('blocks a necessary replacement with exit code 4, and applies nothing else either', async () => {
    const { vhost, folder } = await small('  other:\n')
    const { api } = await testBroker()
    await api.put(['queues', vhost, 'audit'], { durable: true, auto_delete: false, arguments: { 'x-max-length': 5 } })

    const plan = await warren(['plan', '--detailed-exitcode'], { folder })
    expect(plan).toMatchObject({ code: 4, stdout: expect.stringMatching(/arguments\.x-max-length +5 -> \(none\)/) })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('Blocked'),
    })
    expect(await api.get<unknown[]>(['queues', vhost])).toHaveLength(1)
  })

  it('names a missing external object', async () => {
    const { folder } = await small('  elsewhere: { external: true }\n')

    expect(await warren(['plan'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('external: true'),
    })
  })

  it("reports a partial apply with exit code 7 and the broker's own words", async () => {
    const vhost = await freshVhost()
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: test\nvhost: ${vhost}\nqueues:\n  good:\n  bad: { arguments: { x-queue-type: mine } }\n`,
    })

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 7,
      stdout: expect.stringMatching(/failed +create queue:.*\/bad\n.*x-queue-type/),
    })
  })

  it('prints JSON and a unified diff', async () => {
    const { vhost, folder } = await small()
    const json = await warren(['plan', '--format', 'json'], { folder })

    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 2,
      project: 'test',
      changes: [{ action: 'create', address: `exchange:${vhost}/events` }, { action: 'create' }, { action: 'create' }],
    })
    expect((await warren(['plan', '--format', 'diff'], { folder })).stdout).toMatch(/^--- live\n\+\+\+ desired\n@@/)
    const applied = JSON.parse((await warren(['apply', '-y', '--format', 'json'], { folder })).stdout) as unknown
    expect(applied).toMatchObject({
      report: { interrupted: false, outcomes: [{ status: 'done' }, { status: 'done' }, { status: 'done' }] },
    })
  })

  it('prints the same plan twice', async () => {
    const { folder } = await small()

    // In other tests, a project of the same name has virtual hosts.
    const planned = async () => (await warren(['plan'], { folder })).stdout.replace(/^Elsewhere .*\n/m, '')
    expect(await planned()).toBe(await planned())
  })

  it.each([
    ['an unknown command', ['plna'], /Did you mean plan/],
    ['an unknown option', ['plan', '--formt', 'json'], /Did you mean --format/],
    ['an unknown format', ['plan', '--format', 'xml'], /text, diff, json/],
    ['a duration that is none', ['plan', 'other', '--wait', 'soon'], /not a duration/],
    ['a URL that is none', ['plan', 'other', '--url', 'me:secret-word'], /http/],
    ['a mapping that is none', ['plan', 'other', '--vhost', 'a'], /not of the form FROM=TO\n.*--vhost FROM=TO/],
    ['a variable that is none', ['plan', 'other', '--var', 'a'], /not of the form name=value/],
    ['no topology', ['plan'], /name a file or a folder/],
  ])('refuses %s with exit code 3', async (_what, args, message) => {
    const folder = await files({ 'other/topology.yaml': 'warren: 1\nproject: test\n' })
    const run = await warren(args, { folder })

    expect(run).toMatchObject({ code: 3, stderr: expect.stringMatching(message) })
    expect(run.stderr).not.toContain('secret-word')
  })

  it('applies to the end if the reader of its output has ended', async () => {
    const { vhost, folder } = await small()

    expect(await warren(['apply', '-y'], { folder, stdout: 'closed' })).toMatchObject({ code: 0, stderr: '' })
    const { api } = await testBroker()
    expect(await api.get(['queues', vhost, 'audit'])).toMatchObject({ name: 'audit' })
  })

  it('shows the warnings about the files with JSON output too', async () => {
    const { folder } = await small('  work: { type: quorum }\nsubscriptions:\n  works: { queue: work }\n')
    const text = await warren(['plan'], { folder })

    expect(text.stderr).toContain('warning')
    expect(await warren(['apply', '-y', '--format', 'json'], { folder })).toMatchObject({
      code: 0,
      stderr: text.stderr,
    })
  })

  it('treats an empty variable as unset, and ignores a folder .env', async () => {
    const { folder } = await small()
    await mkdir(`${folder}/.env`)
    const { username, password } = await testBroker()
    const url = new URL(await managementUrl())
    url.username = url.password = ''
    const environment = { WARREN_URL: '', RABBITMQ_USER: username, RABBITMQ_PASSWORD: password }

    expect(await warren(['plan', '--url', `${url.href}?from=browser#/queues`], { folder, environment })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`)  ${url.href.replace(/\/$/, '')}\n`),
    })
  })

  it('prints its version and its help', async () => {
    expect(await warren(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    expect(await warren(['help', 'plan'])).toEqual(await warren(['plan', '--help']))
    for (const command of ['validate', 'plan', 'apply', 'compile', 'broker', 'schema']) {
      expect(await warren([command, '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
    }
  })

  it('does not contact the broker if the files are invalid', async () => {
    const server = createServer()
    let requests = 0
    server.on('connection', () => {
      requests += 1
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const folder = await files({ 'topology.yaml': 'warren: 1\nproject: test\nqueus:\n  a:\n' })

    expect(await warren(['plan'], { folder, environment: { WARREN_URL: `http://127.0.0.1:${port}` } })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('did you mean "queues"?'),
    })
    expect(requests).toBe(0)
  })
})

describe('a command that cannot use the broker ends with exit code 6', () => {
  it('with a wrong password, which is not shown', async () => {
    const { folder } = await small()
    const { username } = await testBroker()
    const run = await inProcess(['plan'], {
      folder,
      environment: { WARREN_URL: await managementUrl({ username, password: 'wr0ng-word' }) },
    })

    expect(run).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringMatching(/login.*refused[\s\S]*--password-file/),
    })
    expect(run.stderr).not.toContain('wr0ng-word')
  })

  it('with a closed port', async () => {
    const { folder } = await small()

    expect(
      await inProcess(['plan', '--retries', '0'], { folder, environment: { WARREN_URL: 'http://127.0.0.1:1' } }),
    ).toMatchObject({ code: 6, stderr: expect.stringMatching(/refused[\s\S]*--wait/) })
  })

  it('with the AMQP port instead of the API', async () => {
    const { folder } = await small()
    const { amqpUrl } = await testBroker()
    const { host } = new URL(amqpUrl.replace('amqp:', 'http:'))

    expect(
      await inProcess(['plan', '--retries', '0'], { folder, environment: { WARREN_URL: `http://${host}` } }),
    ).toMatchObject({ code: 6, stderr: expect.stringMatching(/HTTP|management API/) })
  })

  it.each([
    [404, 'text/html', '<html><title>Not here</title><body>Nothing</body></html>', 'it answered 404: Not here Nothing'],
    [503, 'text/html', '<h1>No backend</h1>', 'answered 503: No backend'],
    [200, 'application/json', '{}', 'expected a string in rabbitmq_version, found nothing'],
    [200, 'application/json', 'null', 'expected a table, found null'],
  ])('when something else answers %i with %s %s', async (status, type, body, message) => {
    const { folder } = await small()
    const server = createServer((_request, response) => response.writeHead(status, { 'content-type': type }).end(body))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo

    expect(
      await inProcess(['plan', '--retries', '0'], { folder, environment: { WARREN_URL: `http://127.0.0.1:${port}` } }),
    ).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('with a login that sees a vhost but has no rights in it', async () => {
    const { vhost, folder } = await small()
    const login = await freshUser({ tags: 'monitoring' })

    expect(
      await inProcess(['plan'], { folder, environment: { WARREN_URL: await managementUrl(login) } }),
    ).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(`rabbitmqctl set_permissions -p ${vhost} ${login.username} '^$' '^$' '^$'`),
    })
  })

  it('with a login that has no management tag', async () => {
    const { folder } = await small()
    const login = await freshUser()

    expect(
      await inProcess(['plan'], { folder, environment: { WARREN_URL: await managementUrl(login) } }),
    ).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('set_user_tags'),
    })
  })

  it('with an administrator that has no rights on the vhost, before the first write', async () => {
    const { vhost, folder } = await small()
    const login = await freshUser({ tags: 'administrator' })
    const environment = { WARREN_URL: await managementUrl(login) }

    expect(await inProcess(['plan'], { folder, environment })).toMatchObject({ code: 0 })
    expect(await inProcess(['apply', '-y'], { folder, environment })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(
        `rabbitmqctl set_permissions -p ${vhost} ${login.username} '^(audit|events)$' '^audit$' '^events$'`,
      ),
    })
    const { api } = await testBroker()
    expect(await api.get(['exchanges', vhost, 'events'])).toBeUndefined()
  })

  it('with a policymaker that applies a topology with users, but not one without', async () => {
    const { vhost, folder } = await small()
    const login = await freshUser({
      tags: 'policymaker',
      permissions: { [vhost]: { configure: '.*', write: '.*', read: '.*' } },
    })
    const environment = { WARREN_URL: await managementUrl(login) }
    expect(await inProcess(['apply', '-y'], { folder, environment })).toMatchObject({ code: 0 })
    expect(await inProcess(['plan', '--detailed-exitcode'], { folder, environment })).toMatchObject({ code: 0 })

    const withUser = await small(`users:\n  ${freshName('user')}: { tags: [monitoring] }\n`)
    const all = { configure: '.*', write: '.*', read: '.*' }
    await (await testBroker()).api.put(['permissions', withUser.vhost, login.username], all)
    const here = { folder: withUser.folder, environment }
    expect(await inProcess(['apply', '-y'], here)).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/not compared.*\n.*--exclude 'user:\*'.*set_user_tags/),
    })
    expect(await inProcess(['apply', '-y', '--exclude', 'user:*'], here)).toMatchObject({ code: 0 })
  })

  it('with rights that do not cover a name, before the first write', async () => {
    const { vhost, folder } = await small()
    const login = await freshUser({
      tags: 'policymaker',
      permissions: { [vhost]: { configure: '^nothing$', write: '', read: '' } },
    })

    expect(
      await inProcess(['apply', '-y'], { folder, environment: { WARREN_URL: await managementUrl(login) } }),
    ).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(`may not configure exchange "events" in vhost "${vhost}"`),
    })
  })

  it('unless it waits for a booting broker with --wait', async () => {
    const { folder } = await small()
    const broker = await testBroker()
    const target = new URL(await managementUrl())
    let requests = 0
    const server = createServer((request, response) => {
      requests += 1
      // The first run asks once, the second twice.
      if (requests <= 3) return void request.socket.destroy()
      const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' }
      void fetch(new URL(request.url ?? '/', broker.managementUrl), { headers }).then(async (answer) =>
        response.writeHead(answer.status).end(await answer.text()),
      )
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    target.port = String((server.address() as AddressInfo).port)
    const environment = { WARREN_URL: target.href }

    expect(await inProcess(['plan', '--retries', '0'], { folder, environment })).toMatchObject({ code: 6 })
    expect(await inProcess(['plan', '--retries', '0', '--wait', '30s'], { folder, environment })).toMatchObject({
      code: 0,
    })
  })
})

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends an apply that waits for its broker at once', async (signal, code) => {
    const { folder } = await small()
    const server = createServer((request) => {
      run.kill(signal)
      request.resume()
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const environment = { WARREN_URL: `http://127.0.0.1:${port}` }
    const run = await startWarren(['apply', '-y', '--wait', '60s'], { folder, environment })

    expect(await run.ended).toMatchObject({ code, signal: null, stdout: '' })
    expect(code).toBe(128 + constants.signals[signal])
  })

  it('lets running writes finish, and lists the changes that were not started', async () => {
    const vhost = await freshVhost()
    const many = Array.from({ length: 20 }, (_, index) => `  q${index}: { type: classic }\n`).join('')
    const folder = await files({ 'topology.yaml': `warren: 1\nproject: test\nvhost: ${vhost}\nqueues:\n${many}` })
    const { api } = await testBroker()
    const running: { stop?: () => Promise<void> } = {}
    let queues = 0
    await using proxy = await faultProxy(async (_count, { method, path }) => {
      if (method === 'PUT' && path.startsWith('/api/queues/') && (queues += 1) === 6) await running.stop?.()
      return undefined
    })
    const environment = { WARREN_URL: proxy.url }
    const run = await startWarren(['apply', '-y', '--parallelism', '1', '--format', 'json'], { folder, environment })
    running.stop = () => run.tellToStop('SIGTERM')
    const { code, stdout, stderr } = await run.ended

    const { report } = JSON.parse(stdout) as { report: { interrupted: boolean; outcomes: { status: string }[] } }
    const done = report.outcomes.filter(({ status }) => status === 'done').length
    expect({ code, interrupted: report.interrupted, total: report.outcomes.length }).toEqual({
      code: 143,
      interrupted: true,
      total: 20,
    })
    expect(done).toBe(6)
    expect(await api.get(['queues', vhost])).toHaveLength(done)
    expect(stderr).not.toContain('20 of 20')

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('secrets', () => {
  it('appear in no output of any command', async () => {
    const user = freshName('user')
    const { api } = await testBroker()
    onTestFinished(() => api.delete(['users', user]))
    const secrets = ['lit3ral-word', 'fr0m-env-word', 'fr0m-file-word', 'a-d3scription']
    const { vhost, folder } = await small()
    await writeFile(`${folder}/word`, 'fr0m-file-word\n')
    await writeFile(`${folder}/description`, 'a-d3scription')
    const claim = `{ name: ${vhost}, description: "\${file:description}" }`
    for (const [name, password] of [
      ['literal', 'lit3ral-word'],
      ['env', '${env:WORD}'],
      ['file', '${file:word}'],
    ]) {
      const users = `users:\n  ${user}: { password: "${password}", permissions: { read: ".*" } }\n`
      await writeFile(`${folder}/${name}.yaml`, `warren: 1\nproject: test\nvhost: ${claim}\n${users}`)
    }
    const environment = { WORD: 'fr0m-env-word' }
    for (const name of ['literal', 'env', 'file', 'literal']) {
      for (const args of [
        ['validate'],
        ['plan', '--adopt'],
        ['plan', '--adopt', '--format', 'diff'],
        ['plan', '--adopt', '--format', 'json'],
        ['apply', '-y', '--adopt'],
        ['plan', '--detailed-exitcode'],
        ['apply', '-y', '--format', 'json'],
      ]) {
        const run = await inProcess([...args, `${name}.yaml`], { folder, environment })
        for (const secret of secrets) expect(run.stdout + run.stderr).not.toContain(secret)
        expect([args, name, run.code, run.stderr]).toEqual([args, name, 0, ''])
        const live = await api.get<{ password_hash: string }>(['users', user])
        expect(run.stdout + run.stderr).not.toContain(live?.password_hash ?? 'no user yet')
      }
    }
  })

  it('that are numbers appear in no output either', async () => {
    const { vhost, folder } = await small()
    const numbers = { ttl: '47s', length: '48151', seconds: '49' }
    for (const [name, text] of Object.entries(numbers)) await writeFile(`${folder}/${name}`, text)
    const properties = 'messageTtl: "${file:ttl}", maxLength: "${file:length}", expires: "${file:seconds}s"'
    await writeFile(
      `${folder}/numbers.yaml`,
      `warren: 1\nproject: test\nvhost: ${vhost}\nqueues: { numbers: { type: classic, ${properties} } }\n`,
    )

    for (const args of [['plan'], ['plan', '--format', 'diff'], ['plan', '--format', 'json'], ['apply', '-y']]) {
      const { stdout, stderr, code } = await inProcess([...args, 'numbers.yaml'], { folder })
      expect(stdout + stderr).not.toMatch(/47000|48151|49000/)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
    await writeFile(`${folder}/length`, '51623')
    for (const args of [['plan'], ['plan', '--format', 'diff'], ['apply', '-y', '--format', 'json']]) {
      const { stdout, stderr, code } = await inProcess([...args, 'numbers.yaml'], { folder })
      expect(stdout + stderr).not.toMatch(/47000|48151|49000|51623/)
      expect(code).toBe(4)
    }
    expect(await inProcess(['compile', 'numbers.yaml'], { folder })).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('secret'),
    })
  })

  it('from a file get into no compiled topology', async () => {
    const folder = await files({
      'topology.yaml': 'warren: 1\nproject: test\nvhost: { name: v, description: "${file:word}" }\n',
      word: 'fr0m-file-word',
    })
    const run = await inProcess(['compile'], { folder })

    expect(run).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('secret') })
    expect(run.stderr).not.toContain('fr0m-file-word')
  })

  it('from a file cannot be the name of a project', async () => {
    const folder = await files({ 'topology.yaml': 'warren: 1\nproject: "${file:word}"\n', word: 'fr0m-file-word' })

    const run = await inProcess(['validate'], { folder })

    expect(run).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('${file:word} cannot be part of'),
    })
    expect(run.stderr).not.toContain('fr0m-file-word')
  })

  it('that the broker would refuse are not shown with their lines', async () => {
    const user = freshName('user')
    const { folder } = await small(`users:\n  ${user}: { passwordHash: "n0 base64 at all!" }\n`)
    const run = await inProcess(['apply', '-y'], { folder })

    expect(run).toMatchObject({ code: 3, stderr: expect.stringMatching(/passwordHash: \(secret\)/) })
    expect(run.stdout + run.stderr).not.toContain('n0 base64')
  })

  it('whose reference has no value stop an apply before the first write, with the position of the reference', async () => {
    const { vhost, folder } = await small(`users:\n  ${freshName('user')}: { password: "\${env:NOT_SET}" }\n`)
    const { api } = await testBroker()

    expect(await inProcess(['plan'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('unknown (NOT_SET is not set)'),
    })
    expect(await inProcess(['apply', '-y'], { folder })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/topology\.yaml:10:\d+ .*NOT_SET is not set/),
    })
    expect(await api.get(['queues', vhost])).toEqual([])
  })
})
