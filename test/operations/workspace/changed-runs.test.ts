import { describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'
import { repository, type Repository } from '../../git/repository.ts'

const FILES = {
  'warren.config.yaml': `warrenConfig: 1
projects:
  billing: { paths: [billing], overlays: { prod: [overlays/prod.yaml] } }
  shipping: { paths: [shipping] }
environments:
  staging: { url: "http://localhost:1" }
  prod: { url: "http://localhost:2", variableFiles: [prod.vars] }
`,
  'prod.vars': 'limit=1\n',
  'billing/a.yaml': `warren: 1
project: billing
use: [../platform/templates.yaml]
exchanges: { events: { type: topic } }
queues:
  invoices: { template: [worker] }
users:
  worker: { password: "\${file:../secrets/worker}", permissions: { configure: "", write: "", read: invoices } }
`,
  'billing/b.yaml': 'warren: 1\nproject: billing\nqueues:\n  refunds:\n',
  'overlays/prod.yaml': 'queues: { refunds: { maxLength: 5 } }\n',
  'platform/templates.yaml': 'warrenTemplates: 1\ntemplates: { worker: { queues: { maxLength: 10 } } }\n',
  'secrets/worker': 'hidden\n',
  'shipping/a.yaml': `warren: 1
project: shipping
forEach: { tenant: { lines: tenants.txt } }
vhost: "/\${tenant}"
queues:
  parcels: { arguments: { x-note: "\${file:note.txt}" }, bindings: [{ exchange: parcels }] }
exchanges: { parcels: {} }
publications:
  parcel: { exchange: parcels, message: { schema: parcel.json } }
`,
  'shipping/tenants.txt': 'acme\n',
  'shipping/note.txt': 'note\n',
  'shipping/parcel.json': '{ "type": "object" }\n',
  'README.md': 'a string\n',
}

/** The remaining runs, as `environment project`. */
async function chosen({ folder }: Repository, since = 'HEAD'): Promise<string[]> {
  const before = process.cwd()
  process.chdir(folder)
  try {
    const { code, stdout, stderr } = await command(['validate', '--changed-since', since])
    expect({ code, stderr: stderr.replace(/^(Nothing has changed|Leaves out).*\n/, '') }).toEqual({
      code: 0,
      stderr: '',
    })
    return [...stdout.matchAll(/environment (\w+), project (\w+)/g)].map(
      ([, environment, project]) => `${environment} ${project}`,
    )
  } finally {
    process.chdir(before)
  }
}

const BILLING = ['staging billing', 'prod billing']
const SHIPPING = ['staging shipping', 'prod shipping']
const ALL = ['staging billing', 'staging shipping', 'prod billing', 'prod shipping']

describe('--changed-since', () => {
  it('leaves out everything where nothing has changed, or only files that no project reads', async () => {
    const own = repository(FILES)
    expect(await chosen(own)).toEqual([])

    own.write({ 'README.md': 'another text\n' })
    expect(await chosen(own)).toEqual([])
  })

  it.each<[what: string, path: string, runs: readonly string[]]>([
    ['a topology', 'billing/b.yaml', BILLING],
    ['an overlay, which belongs to one environment', 'overlays/prod.yaml', ['prod billing']],
    ['a template', 'platform/templates.yaml', BILLING],
    ['a file of variables', 'prod.vars', ['prod billing', 'prod shipping']],
    ['the file of a password', 'secrets/worker', BILLING],
    ['the lines of a forEach', 'shipping/tenants.txt', SHIPPING],
    ['a referenced file', 'shipping/note.txt', SHIPPING],
    ['a message schema', 'shipping/parcel.json', SHIPPING],
    ['the config', 'warren.config.yaml', ALL],
  ])('chooses the runs that read %s', async (_, path, runs) => {
    const own = repository(FILES)
    own.write({ [path]: `${FILES[path as keyof typeof FILES]}\n` })

    expect(await chosen(own)).toEqual(runs)
  })

  it('notices a topology that was deleted, or is new', async () => {
    const own = repository(FILES)
    own.remove('billing/b.yaml')
    own.write({ 'overlays/prod.yaml': 'queues: { invoices: { maxLength: 5 } }\n' })
    expect(await chosen(own)).toEqual(BILLING)

    own.commit()
    own.write({ 'shipping/new.yaml': 'warren: 1\nproject: shipping\nqueues:\n  late:\n' })
    expect(await chosen(own)).toEqual(SHIPPING)
    expect(await chosen(own, 'HEAD~1')).toEqual(ALL)
  })

  it('says how much it leaves out, and chooses files that are not usable, so that they are reported', async () => {
    const own = repository(FILES)
    own.write({ 'shipping/a.yaml': 'warren: 1\nproject: shipping\nqueue:\n' })
    const before = process.cwd()
    process.chdir(own.folder)
    const { code, stderr } = await command(['validate', '--changed-since', 'HEAD']).finally(() => process.chdir(before))

    expect(code).toBe(3)
    expect(stderr).toMatch(/^Leaves out 2 of 4 runs: unchanged since HEAD\.\n/)
    expect(stderr).toContain('shipping/a.yaml:3:1')
  })

  it('works without a config, on the files that are given', async () => {
    const own = repository(FILES)
    const before = process.cwd()
    process.chdir(own.folder)
    const args = ['validate', 'billing', '--no-config', '--changed-since', 'HEAD']
    try {
      expect(await command(args)).toEqual({ code: 0, stdout: '', stderr: 'Nothing has changed since HEAD.\n' })

      own.write({ 'platform/templates.yaml': `${FILES['platform/templates.yaml']}# changed\n` })
      expect((await command(args)).stdout).toContain('valid  project billing')
    } finally {
      process.chdir(before)
    }
  })

  it('writes a complete result if no run is left', async () => {
    const own = repository(FILES)
    const before = process.cwd()
    process.chdir(own.folder)
    const args = ['--changed-since', 'HEAD', '--format', 'json']
    try {
      expect(await command(['plan', '-e', 'prod', ...args])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"runs": []'),
      })
      expect(await command(['apply', '-e', 'prod', '-y', ...args.slice(0, 2)])).toMatchObject({ code: 0 })
    } finally {
      process.chdir(before)
    }
  })
})
