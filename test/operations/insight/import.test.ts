import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importFiles } from '../../../src/operations/insight/import.ts'
import { BROKER_CASES } from '../../builders/definitions/broker-cases.ts'
import { PROJECT_CASES } from '../../builders/definitions/project-cases.ts'
import { command } from '../../integration/support/command-in-process.ts'

let folder: string

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'warren-import-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function fileOf(content: unknown): string {
  const file = join(folder, 'source.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}

/** Modeled on examples/advanced of rascal 21.0.1. */
const ADVANCED = {
  rascal: {
    vhosts: {
      'customer-vhost': {
        exchanges: ['service', 'delay', 'retry', 'dead_letters', { name: 'audit', assert: false }],
        queues: {
          'registration_service:user:save': {
            options: { arguments: { 'x-dead-letter-exchange': 'dead_letters', 'x-dead-letter-routing-key': 'dead' } },
          },
          'delay:1m': { options: { arguments: { 'x-message-ttl': 60_000, 'x-dead-letter-exchange': 'retry' } } },
          'dead_letters:registration_service': {},
          replies: { replyTo: true },
        },
        bindings: {
          'service[registration_webapp.user.created.#,registration_webapp.user.updated.#] -> registration_service:user:save':
            {},
          'delay[delay.1m] -> delay:1m': {},
          'retry[registration_service:user:save.#] -> registration_service:user:save': {},
          'dead_letters[dead] -> dead_letters:registration_service': {},
          'audit[user.#] -> registration_service:user:save': {},
        },
      },
    },
    publications: { retry_in_1m: { exchange: 'delay', vhost: 'customer-vhost' } },
  },
}

describe('importFiles', () => {
  it.each([...BROKER_CASES, ...PROJECT_CASES])('plans the same as definitions that have $has', async ({ file }) => {
    const onlyVhosts = 'vhosts' in file ? {} : { onlyVhosts: ['/'] }
    const { verification } = await importFiles({ format: 'definitions', from: fileOf(file), ...onlyVhosts })
    expect(verification.differences).toEqual([])
  })

  it('declares what a program with rascal declares, and lists the rest', async () => {
    const { verification, leftOut, topologies } = await importFiles({
      format: 'rascal',
      from: fileOf(ADVANCED),
      singleProject: 'registration',
    })
    expect(verification).toEqual({ differences: [], adopts: 13 })
    expect(leftOut).toEqual([
      { address: 'exchange:customer-vhost/audit', reason: 'rascal does not declare it (assert: false)' },
      { address: 'publications.retry_in_1m', reason: 'it runs in the program, and declares nothing' },
      {
        address: 'vhosts.customer-vhost.queues.replies',
        reason: 'a reply queue: rascal gives it a new name at each start of the program',
      },
    ])
    expect(topologies[0]?.text).toMatch(/audit:\n(.*\n){1,2}? +external: true/)
  })
})

describe('warren import', () => {
  it('writes files, and lists what it leaves out', async () => {
    const out = join(folder, 'out')
    const from = fileOf(ADVANCED)
    const { code, stdout, stderr } = await command(['import', 'rascal', from, '--out', out, '--single-project', 'all'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/\nverified: 0 changes, 13 to adopt\n$/),
    })
    expect(stderr).toContain('left out vhosts.customer-vhost.queues.replies: a reply queue')
    expect(readFileSync(join(out, 'EXPORT.md'), 'utf8')).toContain('vhosts.customer-vhost.queues.replies')
    expect(await command(['validate', '--config', join(out, 'warren.config.yaml')])).toMatchObject({ code: 0 })
  })

  it('plans imported definitions against their source without a change', async () => {
    const [first] = BROKER_CASES.filter(({ file }) => 'vhosts' in file)
    const from = fileOf(first?.file)
    const out = join(folder, 'out')
    await command(['import', 'definitions', from, '--out', out, '--single-project', 'all'])
    expect(
      await command(['plan', '--config', join(out, 'warren.config.yaml'), '--against', from, '--detailed-exitcode']),
    ).toMatchObject({ code: 0 })
  })

  it('refuses a file of another kind, and says what it expects', async () => {
    expect(await command(['import', 'rascal', fileOf({ queues: [] }), '--out', '-'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is not a config of rascal: it has no table "vhosts"'),
    })
    expect(await command(['import'])).toMatchObject({ code: 3, stderr: expect.stringContaining('import definitions') })
  })
})
