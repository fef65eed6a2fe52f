import { writeFile } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { freshName, freshVhost, testBroker } from './broker.ts'
import { files } from './command-line.ts'
import { warren } from './warren-in-process.ts'

it('blocks the deletion of a user to whom another project gave rights, until its address is allowed', async () => {
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
