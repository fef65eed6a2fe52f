import { writeFile } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { freshName, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

it('blocks the deletion of a user with rights from another project, until its address is allowed', async () => {
  const { api } = await testBroker()
  const [ours, theirs, user] = [await freshVhost(), await freshVhost(), freshName('user')]
  onTestFinished(() => api.delete(['users', user]))
  const head = `warren: 1\nproject: ${freshName('a')}\nvhost: ${ours}\nexchanges: { kept: {} }\n`
  const folder = await files({ 'topology.yaml': `${head}users: { ${user}: { tags: [] } }\n` })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  const other = freshName('b')
  const rights = `users: { ${user}: { external: true, permissions: { read: x }, topicPermissions: { amq.topic: { read: x } } } }\n`
  const foreign = await files({ 'topology.yaml': `warren: 1\nproject: ${other}\nvhost: ${theirs}\n${rights}` })
  expect(await warren(['apply', '-y'], { folder: foreign })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/topology.yaml`, head)

  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(`permission:${theirs}/${user} (owned by ${other})`),
  })
  expect(await api.get(['permissions', theirs, user])).toMatchObject({ read: 'x' })
  const allowed = ['--allow', `delete=user:${user}`]
  expect(await warren(['apply', '-y', '--prune', ...allowed], { folder })).toMatchObject({ code: 0 })
})

/** A project that owns the declared objects, a user without an owner, and a plan that deletes everything again. */
async function saved(declared: string, ...args: string[]) {
  const { api } = await testBroker()
  const [vhost, user] = [await freshVhost(), freshName('user')]
  onTestFinished(() => api.delete(['users', user]))
  const head = `warren: 1\nproject: ${freshName('a')}\nvhost: ${vhost}\nexchanges: { kept: {}`
  const folder = await files({ 'topology.yaml': head + declared.replaceAll('USER', user) })
  expect(await warren(['apply', '-y', '--out-undo', 'undo.json'], { folder })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/topology.yaml`, `${head} }\n`)
  expect(await warren(['plan', '--prune', '--out', 'plan.json', ...args], { folder })).toMatchObject({ code: 0 })
  return { api, vhost, user, folder }
}

const USER = ' }\nusers: { USER: { tags: [], permissions: { read: x } } }\n'

it.each(['plan.json', 'undo.json'])('does not delete a user who was given a right meanwhile, by %s', async (plan) => {
  const { api, user, folder } = await saved(USER)
  const theirs = await freshVhost()
  await api.put(['permissions', theirs, user], { configure: '', write: '', read: 'theirs' })

  expect(await warren(['apply', plan, '-y'], { folder })).toMatchObject({
    code: expect.toBeOneOf([4, 7]),
    stdout: expect.stringContaining(`permission:${theirs}/${user}`),
  })
  expect(await api.get(['permissions', theirs, user])).toMatchObject({ read: 'theirs' })
  await api.delete(['permissions', theirs, user])
  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
})

it('does not delete an exchange with a new topic permission, if that would be deleted too', async () => {
  const { api, vhost, folder } = await saved(', gone: { type: topic } }\n')
  const { username } = await freshUser({ permissions: { [vhost]: { configure: '', write: '', read: '' } } })
  await api.put(['topic-permissions', vhost, username], { exchange: 'gone', write: 'x', read: 'x' })
  const { rabbitmq_version: version } = (await api.get<{ rabbitmq_version: string }>(['overview'])) ?? {}
  const takes = isAtLeast(String(version), '4.3.0')

  const { code } = await warren(['apply', 'plan.json'], { folder })
  expect(takes ? [4, 5] : [0]).toContain(code)
  if (!takes) return
  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(`--allow delete=exchange:${vhost}/gone`),
  })
  const allowed = ['--allow', `delete=exchange:${vhost}/gone`]
  expect(await warren(['apply', '-y', '--prune', ...allowed], { folder })).toMatchObject({ code: 0 })
})

it('does not delete the queue whose binding has become the last one of an auto-delete exchange', async () => {
  const { api, vhost } = { api: (await testBroker()).api, vhost: await freshVhost() }
  await api.put(['exchanges', vhost, 'theirs'], { type: 'fanout', auto_delete: true })
  await api.put(['queues', vhost, 'theirs'], { durable: true })
  const bind = () => api.post(['bindings', vhost, 'e', 'theirs', 'q', 'theirs'], { routing_key: '' })
  await bind()
  const head = `warren: 1\nproject: ${freshName('a')}\nvhost: ${vhost}\nexchanges: { theirs: { external: true }, kept: {} }\n`
  const folder = await files({ 'topology.yaml': `${head}queues: { ours: { type: classic, bindings: [theirs] } }\n` })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  await writeFile(`${folder}/topology.yaml`, head)
  expect(await warren(['plan', '--prune', '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })
  await api.delete(['queues', vhost, 'theirs'])

  expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
    code: expect.toBeOneOf([4, 5]),
    stdout: expect.stringContaining(`exchange:${vhost}/theirs`),
  })
  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(`exchange:${vhost}/theirs (not owned by any project)`),
  })
  expect(await api.get(['exchanges', vhost, 'theirs'])).toMatchObject({ name: 'theirs' })
})
