import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { passwordMatches } from '../../../src/plan/compare/compare-credential.ts'
import { command } from '../../integration/support/command-in-process.ts'

const TOPOLOGY = `
warren: 1
project: orders
vhost: /orders
exchanges:
  billing: { type: topic, external: true }
queues:
  orders:
    type: quorum
    retry: { delays: [5s] }
    deadLetter: true
    bindings: [{ exchange: billing, routingKey: paid }]
users:
  app: { password: '\${env:APP_PASSWORD}', permissions: { read: orders } }
`

let folder: string
let topology: string
let out: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-definitions-'))
  topology = join(folder, 'topology.yaml')
  out = join(folder, 'definitions.json')
  writeFileSync(topology, TOPOLOGY)
})

afterEach(() => rmSync(folder, { recursive: true }))

const mode = () => statSync(out).mode & 0o777
const read = () => JSON.parse(readFileSync(out, 'utf8')) as Record<string, { name: string; password_hash: string }[]>

describe('warren definitions', () => {
  it('writes hashes only into a file that no other user may read, even if it exists already', async () => {
    writeFileSync(out, 'old')
    chmodSync(out, 0o644)
    const { code, stdout } = await command(['definitions', topology, '--out', out], { APP_PASSWORD: 'very secret' })
    expect({ code, stdout, mode: mode() }).toEqual({ code: 0, stdout: '', mode: 0o600 })
    const [app] = read()['users'] ?? []
    expect(passwordMatches('very secret', app?.password_hash ?? '', 'rabbit_password_hashing_sha256')).toBe(true)
    expect(readFileSync(out, 'utf8')).not.toContain('very secret')
  })

  it('prints no hashes, and says how to get them', async () => {
    expect(await command(['definitions', topology], { APP_PASSWORD: 'very secret' })).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('write them to a file with --out FILE'),
    })
  })

  it('contains the objects that retry and deadLetter declare', async () => {
    await command(['definitions', topology, '--out', out, '--without-users'])
    const { queues = [] } = read()
    expect(queues.map(({ name }) => name).toSorted()).toEqual(['orders', 'orders.dead', 'orders.retry.5s'])
    expect(mode()).toBe(0o666 & ~process.umask())
  })

  it('lists what it leaves out, with the reasons', async () => {
    const { code, stderr } = await command(['definitions', topology, '--out', out])
    expect(code).toBe(0)
    expect(stderr).toContain(
      [
        '4 objects left out:',
        '  user:app: its password is unknown: APP_PASSWORD is not set',
        '  permission:%2Forders/app: user:app is left out',
        '  exchange:%2Forders/billing: it is external: its own project declares it',
        '  binding:%2Forders/billing/queue/orders/paid: exchange:%2Forders/billing is left out',
      ].join('\n'),
    )
  })

  it('prints definitions without users', async () => {
    const { code, stdout } = await command(['definitions', topology, '--without-users'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).not.toHaveProperty('users')
  })
})
