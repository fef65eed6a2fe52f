import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadTopology } from '../../../../src/desired/load/load-topology.ts'
import { folderWith } from '../../load/folder.ts'

it('gives the objects of each instance its own labels and descriptions, derived ones included', async () => {
  const folder = await folderWith({
    't.yaml': `warren: 1
project: tenants
forEach: { tenant: [acme, globex] }
vhost: { name: '\${tenant}' }
labels: { tenant: '\${tenant}', owner: platform }
defaults: { queues: { type: quorum } }
queues:
  orders: { retry: { delays: [5s] }, deadLetter: true, description: 'orders of \${tenant}' }
  '\${region}.copies': { forEach: { region: [eu] }, labels: { owner: '\${region}' } }
`,
  })
  const { desired } = await loadTopology({ paths: [join(folder, 't.yaml')], environment: {} })
  const described = desired?.topology.queues.map((queue) => [queue.vhost, queue.name, desired.descriptions?.of(queue)])
  const of = (tenant: string): unknown[] => {
    const orders = { description: `orders of ${tenant}`, labels: { tenant, owner: 'platform' } }
    return [
      [tenant, 'eu.copies', { labels: { tenant, owner: 'eu' } }],
      [tenant, 'orders', orders],
      [tenant, 'orders.dead', orders],
      [tenant, 'orders.retry.5s', orders],
    ]
  }

  expect(described).toEqual([...of('acme'), ...of('globex')])
})

it("gives derived objects of a template's property the labels and the description of the object that uses it", async () => {
  const folder = await folderWith({
    't.yaml': `warren: 1
project: shop
forEach: { tenant: [acme, globex] }
vhost: { name: '\${tenant}' }
labels: { owner: platform, tenant: '\${tenant}' }
use: [templates.yaml]
defaults: { queues: { deadLetter: true } }
queues:
  orders: { template: [worker], description: 'orders of \${tenant}', labels: { owner: shop } }
`,
    'templates.yaml':
      'warrenTemplates: 1\ntemplates: { worker: { queues: { type: quorum, retry: { delays: [5s] } } } }\n',
  })
  const { desired } = await loadTopology({ paths: [join(folder, 't.yaml')], environment: {} })
  const described = desired?.topology.queues.map((queue) => [queue.vhost, queue.name, desired.descriptions?.of(queue)])

  expect(described).toEqual(
    ['acme', 'globex'].flatMap((tenant) =>
      ['orders', 'orders.dead', 'orders.retry.5s'].map((name) => [
        tenant,
        name,
        { description: `orders of ${tenant}`, labels: { owner: 'shop', tenant } },
      ]),
    ),
  )
})
