import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { command } from '../integration/support/command-in-process.ts'

const HASH = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR'

const DEFINITIONS = {
  rabbitmq_version: '4.0.5',
  vhosts: [{ name: '/' }],
  users: [{ name: 'app', password_hash: HASH, hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] }],
  permissions: [],
  topic_permissions: [],
  parameters: [],
  global_parameters: [],
  policies: [],
  exchanges: [],
  queues: ['eu.orders', 'eu.mail', 'us.orders'].map((name) => ({
    name,
    vhost: '/',
    durable: true,
    auto_delete: false,
    arguments: {},
  })),
  bindings: [],
}

let folder: string
let from: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-export-'))
  from = join(folder, 'definitions.json')
  writeFileSync(from, JSON.stringify(DEFINITIONS))
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('warren export', () => {
  it('writes verified files that validate accepts', async () => {
    const out = join(folder, 'out')
    const { code, stdout } = await command(['export', '--from', from, '--out', out])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '2 files of 2 projects, 7 objects left out\nverified: 0 changes, 4 to adopt\n',
    })
    expect(readdirSync(out)).toEqual(['%2F', 'EXPORT.md', 'warren.config.yaml'])
    const config = join(out, 'warren.config.yaml')
    expect(await command(['validate', '--config', config])).toMatchObject({ code: 0, stderr: '' })
  })

  it('keeps existing files unless --force is given', async () => {
    const args = ['export', '--from', from, '--out', join(folder, 'out')]
    await command(args)
    const file = join(folder, 'out', '%2F', '_rest.yaml')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, 'mine')
    expect(await command(args)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('3 more files of this export'),
    })
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(await command([...args, '--force'])).toMatchObject({ code: 0 })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('creates the projects that a file of rules names', async () => {
    const rules = join(folder, 'teams.yaml')
    writeFileSync(rules, `# by region\n"^eu\\\\.": europe\n'^us': 'america'\n^asia's: 'none'\n`)
    const out = join(folder, 'out')
    expect(await command(['export', '--from', from, '--out', out, '--split', rules])).toMatchObject({
      code: 0,
      stderr: "warning  no queue or exchange matches ^asia's of --split, for the project none\n",
    })
    expect(readdirSync(join(out, '%2F'))).toEqual(['_access.yaml', 'america.yaml', 'europe.yaml'])
    writeFileSync(rules, '"(": europe\n')
    expect(await command(['export', '--from', from, '--out', '-', '--split', rules])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('line 1 of --split'),
    })
  })

  it('writes password hashes only into a file that no other user may read', async () => {
    const hashes = join(folder, 'hashes.env')
    const args = ['export', '--from', from, '--single-project', 'all', '--out', '-']
    const plain = await command(args)
    expect(plain.code).toBe(0)
    expect(plain.stdout).not.toMatch(/password/)
    const { code, stdout } = await command([...args, '--password-hashes', hashes])
    expect(code).toBe(0)
    expect(stdout).toContain('passwordHash: "${env:PASSWORD_HASH_APP}"')
    expect(stdout).not.toContain(HASH)
    expect(readFileSync(hashes, 'utf8')).toBe(`PASSWORD_HASH_APP=${HASH}\n`)
    expect(statSync(hashes).mode & 0o777).toBe(0o600)
  })
})
