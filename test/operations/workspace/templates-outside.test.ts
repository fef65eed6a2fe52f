import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { repository } from '../../git/repository.ts'
import { command } from '../../integration/support/command-in-process.ts'

const TEMPLATES = 'warrenTemplates: 1\ntemplates: { worker: { queues: { maxLength: 10 } } }\n'

it('lists only templates outside the repository in the head of a plan', async () => {
  const own = repository({ 'within.yaml': TEMPLATES, 'broker.json': '{ "rabbitmq_version": "4.3.6", "vhosts": [] }' })
  const outside = `${own.folder}-templates.yaml`
  writeFileSync(outside, TEMPLATES.replace('worker', 'bulk'))
  onTestFinished(() => rmSync(outside))
  const shown = join('..', basename(outside))
  own.write({
    'shop.yaml': `warren: 1
project: shop
vhost: /shop
use: [within.yaml, ${shown}]
queues: { email: { template: [worker, bulk] } }
`,
  })
  const before = process.cwd()
  process.chdir(own.folder)
  onTestFinished(() => process.chdir(before))

  const { stdout } = await command(['plan', 'shop.yaml', '--against', 'broker.json'])

  expect(stdout.split('\n').filter((line) => line.startsWith('Outside'))).toEqual([
    `Outside  ${shown}: templates outside the git repository`,
  ])
  const json = await command(['plan', 'shop.yaml', '--against', 'broker.json', '--format', 'json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ files: { templatesOutside: [shown] } })
})
