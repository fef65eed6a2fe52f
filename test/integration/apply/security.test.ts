import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { amqpUrl, freshUser, freshVhost, ownBroker, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl, ROOT } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

// A damaged record affects every project on the broker.
ownBroker()

const TOPOLOGY = `warren: 1
project: shop
exchanges:
  shop.events: { type: topic }
queues:
  shop.invoices:
    type: classic
    bindings: [{ exchange: shop.events, routingKey: 'invoice.#' }]
    retry: { delays: [1s] }
    deadLetter: true
  shop.old: { type: classic }
`

/** The rights of a login according to docs/explanation/security.md. */
async function rightsOf(user: string) {
  const page = await readFile(join(ROOT, 'docs/explanation/security.md'), 'utf8')
  const line = new RegExp(`set_permissions -p shop ${user} '(.*?)' '(.*?)' '(.*?)'`).exec(page)
  const tag = new RegExp(`set_user_tags ${user} (\\w+)`).exec(page)?.[1]
  return {
    tags: String(tag),
    permission: { configure: String(line?.[1]), write: String(line?.[2]), read: String(line?.[3]) },
  }
}

/** Runs warren in a folder with the topology as a login with these rights. */
async function loginLike(user: string, vhost: string) {
  const { tags, permission } = await rightsOf(user)
  const login = await freshUser({ tags, permissions: { [vhost]: permission } })
  const environment = { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(vhost, login) }
  return (folder: string, ...args: string[]) => warren(args, { folder, environment })
}

describe('the logins of docs/explanation/security.md', () => {
  it('are sufficient to plan, apply, prune, migrate and destroy, and for nothing else', async () => {
    const vhost = await freshVhost()
    const all = `${TOPOLOGY}vhost: ${vhost}\n`
    const folder = await files({
      'all.yaml': all,
      'less.yaml': all.replace(/ {2}shop.old.*\n/, ''),
      'quorum.yaml': all.replace(/ {2}shop.old.*\n/, '').replace('type: classic', 'type: quorum'),
    })
    const plans = await loginLike('plan-shop', vhost)
    const deploys = await loginLike('deploy-shop', vhost)

    const planned = await plans(folder, 'plan', 'all.yaml')
    expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining('Owner    unknown')])
    expect((await plans(folder, 'apply', 'all.yaml', '-y')).code).toBe(6)
    expect((await plans(folder, 'plan', 'all.yaml', '--prune')).code).toBe(4)
    const applied = await deploys(folder, 'apply', 'all.yaml', '-y')
    expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('Applied  10 done')])
    const pruned = await deploys(folder, 'apply', 'less.yaml', '--prune', '-y')
    expect([pruned.code, pruned.stdout]).toEqual([0, expect.stringContaining('Applied  1 done')])
    const migrated = await deploys(folder, 'apply', 'quorum.yaml', '--migrate', `queue:${vhost}/shop.invoices`, '-y')
    expect([migrated.code, migrated.stdout]).toEqual([0, expect.stringContaining('Applied  3 done')])
    const destroyed = await deploys(folder, 'destroy', 'quorum.yaml', '--confirm', 'shop')
    expect([destroyed.code, destroyed.stdout]).toEqual([0, expect.stringContaining('Applied  9 done')])
  }, 900_000)
})

describe('a policymaker of another vhost', () => {
  it('who deletes or damages a record makes a project delete less, not more', async () => {
    const vhost = await freshVhost()
    const elsewhere = await freshVhost()
    const login = await freshUser({
      tags: 'policymaker',
      permissions: { [elsewhere]: { configure: '.*', write: '.*', read: '.*' } },
    })
    const all = `${TOPOLOGY}vhost: ${vhost}\n`
    const folder = await files({ 'all.yaml': all, 'less.yaml': all.replace(/ {2}shop.old.*\n/, '') })
    const environment = { WARREN_AMQP_URL: await amqpUrl(vhost) }
    const run = (...args: string[]) => warren(args, { folder, environment })
    expect((await run('apply', 'all.yaml', '-y')).code).toBe(0)

    const { api, managementUrl: url } = await testBroker()
    const records = (await api.get(['global-parameters'])) as { name: string; value: { vhost: string } }[]
    const record = String(records.find(({ value }) => value.vhost === vhost)?.name)
    const asOther = (method: string, body?: object) =>
      fetch(`${url}/api/global-parameters/${record}`, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      })

    const read = await asOther('GET')
    expect(await read.text()).toContain(`queue:${vhost}/shop.old`)
    expect((await asOther('PUT', { value: 'damaged' })).ok).toBe(true)
    const damaged = await run('plan', 'less.yaml', '--prune')
    expect([damaged.code, damaged.stdout]).toEqual([4, expect.stringContaining(record)])
    expect((await asOther('DELETE')).ok).toBe(true)
    const deleted = await run('apply', 'less.yaml', '--prune', '-y')
    expect([deleted.code, deleted.stdout]).toEqual([0, expect.stringContaining('1 not ours')])
    expect(await api.get(['queues', vhost, 'shop.old'])).toMatchObject({ name: 'shop.old' })
  })
})
