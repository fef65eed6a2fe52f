import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files } from '../../integration/support/command-line.ts'
import { warren } from '../../integration/support/warren-in-process.ts'

const CODE = 'publication-reaches-nothing'
const RULE = 'publication-reaches-no-queue'
const SHIPPING = 'warren: 1\nproject: shipping\nvhost: shop\n'

/** A workspace of two projects. No queue receives the messages of one of them, unless the other one binds a queue. */
async function workspace({ lint = '', comment = '', shipping = SHIPPING } = {}): Promise<string> {
  const folder = await files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { sales: { paths: [sales.yaml] }, shipping: { paths: [shipping.yaml] } }
${lint}
`,
    'sales.yaml': `warren: 1
project: sales
vhost: shop
exchanges: { events: { type: topic } }
publications:
  ${comment}
  order-placed: { exchange: events, routingKey: order.placed }
`,
    'shipping.yaml': shipping,
  })
  const exported = await warren(['definitions', '--project', 'shipping', '--out', 'live.json'], { folder })
  expect(exported.code).toBe(0)
  return folder
}

const BINDS = `${SHIPPING}exchanges: { events: { external: true, type: topic } }
queues: { parcels: { type: quorum, maxLength: 9, bindings: [{ exchange: events, routingKey: order.# }] } }
`

/** Whether each command mentions the warning, or the finding of its rule. */
async function mentions(folder: string): Promise<Record<string, boolean>> {
  const said: Record<string, boolean> = {}
  for (const [command, ...options] of [
    ['validate'],
    ['validate', '--format', 'json'],
    ['validate', '--format', 'sarif'],
    ['plan', '--project', 'sales', '--against', 'live.json'],
    ['compile', '--project', 'sales'],
    ['lint'],
  ] as const) {
    const { stdout, stderr } = await warren([command, ...options], { folder })
    const output = stdout + stderr
    said[[command, ...options].join(' ')] = output.includes(CODE) || output.includes(RULE)
  }
  return said
}

const everywhere = (is: boolean) => ({
  validate: is,
  'validate --format json': is,
  'validate --format sarif': is,
  'plan --project sales --against live.json': is,
  'compile --project sales': is,
  lint: is,
})

describe('the rules of lint', () => {
  it('do not hide a warning from any command without settings', async () => {
    expect(await mentions(await workspace())).toEqual(everywhere(true))
  })

  it('are silent in every command if they are off in the config', async () => {
    expect(await mentions(await workspace({ lint: `lint: { rules: { ${RULE}: off } }` }))).toEqual(everywhere(false))
  })

  it('are silent in every command if a comment accepts the finding with a reason', async () => {
    const comment = `# warren-ignore ${RULE}: the warehouse binds its own queue`

    expect(await mentions(await workspace({ comment }))).toEqual(everywhere(false))
  })

  it('make validate exit with 3 if the config makes them errors', async () => {
    const folder = await workspace({ lint: `lint: { rules: { ${RULE}: error } }` })
    const validated = await warren(['validate'], { folder })

    expect(validated).toMatchObject({ code: 3, stderr: expect.stringMatching(/error {2}publication "order-placed"/) })
    expect((await warren(['lint'], { folder })).code).toBe(3)
    await writeFile(join(folder, 'warren.config.yaml'), 'warrenConfig: 1\n')
    expect((await warren(['validate', 'sales.yaml'], { folder })).code).toBe(0)
  })

  it('see the virtual hosts of all projects of a run', async () => {
    const folder = await workspace({ shipping: BINDS })

    expect(await mentions(folder)).toEqual({
      ...everywhere(false),
      'plan --project sales --against live.json': true,
      'compile --project sales': true,
    })
  })
})
