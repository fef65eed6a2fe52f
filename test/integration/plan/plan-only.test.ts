import { describe, expect, it } from 'vitest'
import { amqpUrl, freshName, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/**
 * Files with an exchange and with a user who has a permission and a topic permission, and a login that may only plan.
 */
async function arranged() {
  const vhost = await freshVhost()
  const user = freshName('user')
  const folder = await files({
    'topology.yaml': `warren: 1
project: shop
vhost: ${vhost}
exchanges:
  events: { type: topic }
users:
  ${user}:
    passwordHash: ''
    permissions: { read: '^events$' }
    topicPermissions: { events: { read: '^a' } }
`,
  })
  const permissions = { [vhost]: { configure: '^$', write: '^$', read: '^$' } }
  const login = await freshUser({ tags: 'management', permissions })
  const environment = { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(vhost, login) }
  return { vhost, user, folder, environment }
}

describe('a plan by a login that may not read users', () => {
  it('compares the rest, and lists the objects that it could not compare', async () => {
    const { vhost, user, folder, environment } = await arranged()

    const plan = await warren(['plan'], { folder, environment })
    expect(plan.code).toBe(0)
    expect(plan.stdout).toMatch(/\+ exchange events/)
    expect(plan.stdout).toContain(`users: user:${user}`)
    expect(plan.stdout).toContain(`permissions: permission:${vhost}/${user}`)
    expect(plan.stdout).toContain(`topic permissions: topic-permission:${vhost}/${user}/events`)
    expect(plan.stdout).toContain('1 to create, 3 not compared')
  })

  it('lists nothing that --exclude leaves out, in full or by a glob', async () => {
    const { vhost, user, folder, environment } = await arranged()
    const rest = ['--exclude', 'permission:*', '--exclude', `topic-permission:${vhost}/*`]

    const plan = await warren(['plan', '--exclude', `user:${user}`, ...rest], { folder, environment })
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining('1 to create, 1 unchanged')])
    expect(plan.stdout).not.toContain('not compared')
  })

  it('is not applied, neither by that login nor from a file by another one', async () => {
    const { vhost, folder, environment } = await arranged()
    const { api } = await testBroker()
    const refusal =
      /3 declared objects were not compared, such as user:.*--exclude 'user:\*'.*has the tag administrator/s

    expect(await warren(['apply', '-y'], { folder, environment })).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(refusal),
    })
    expect(await warren(['plan', '--out', 'plan.json'], { folder, environment })).toMatchObject({ code: 0 })
    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(refusal),
    })
    expect(await api.get(['exchanges', vhost, 'events'])).toBeUndefined()
  })
})
