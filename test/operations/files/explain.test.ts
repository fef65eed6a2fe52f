import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../src/diagnostics/error-code.ts'
import { catalogue } from '../../../src/diagnostics/findings/catalogue.ts'
import { BREAKING_RULES } from '../../../src/insight/breaking/breaking-rules.ts'
import { IGNORE_RULES, RULES } from '../../../src/insight/lint/all-rules.ts'
import { explain } from '../../../src/operations/files/explain.ts'
import { command } from '../../integration/support/command-in-process.ts'

function codesOf(...kinds: readonly string[]): string[] {
  return explain()
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ code }) => code)
    .toSorted()
}

function findingsOf(severity: string): string[] {
  return Object.entries(catalogue)
    .flatMap(([code, kind]) => (kind.severity === severity ? [code] : []))
    .toSorted()
}

describe('explain', () => {
  it('explains every error code once', () => {
    expect(codesOf('error')).toEqual(ERROR_CODES.toSorted())
  })

  it('explains every finding once, errors and warnings apart', () => {
    expect(codesOf('finding')).toEqual(findingsOf('error'))
    expect(codesOf('warning')).toEqual(findingsOf('warning'))
  })

  it('explains every rule of lint and of breaking once', () => {
    const lint = [...RULES, ...Object.values(IGNORE_RULES)].map(({ id }) => id)

    expect(codesOf('lint')).toEqual(lint.toSorted())
    expect(codesOf('breaking')).toEqual(Object.keys(BREAKING_RULES).toSorted())
  })

  it('names the page of the rule that decides about a warning or a note', () => {
    const pagesOf = (code: string) => explain(code).map(({ page }) => page)

    expect(pagesOf('publication-reaches-nothing')).toEqual(['docs/rules/publication-reaches-no-queue.md'])
    expect(pagesOf('policy-shadowed')).toEqual(['docs/rules/policy-takes-keys-away.md'])
    expect(pagesOf('policy-drops-head')).toEqual([undefined])
  })

  it('gives every code a meaning, a usual cause and a remedy, each a sentence; a rule has no usual cause', () => {
    const incomplete = explain().filter(({ kind, meaning, cause, remedy }) => {
      const texts = kind === 'lint' || kind === 'breaking' ? [meaning, remedy] : [meaning, cause, remedy]
      return !texts.every((text) => text !== undefined && /^[^ ].*[.`]$/.test(text))
    })

    expect(incomplete).toEqual([])
  })

  it('has two explanations of a code that is a finding and the reason of a block', () => {
    expect(explain('holding-name-taken').map(({ kind }) => kind)).toEqual(['finding', 'block'])
  })

  it('finds a code in upper or lower case', () => {
    expect(explain('stale_plan')).toEqual(explain('STALE_PLAN'))
  })
})

describe('warren explain', () => {
  it('prints meaning, cause, remedy and an example', async () => {
    expect(await command(['explain', 'duplicate-key'])).toEqual({
      code: 0,
      stdout: `duplicate-key  finding that stops a run, exit code 3

  A table contains a key twice.

  Usual cause  Two declarations of one name after a merge.
  Remedy       Remove or rename one of them.

  Example
    warren: 1
    project: shop
    vhost: shop
    queues:
      invoices: { type: quorum }
      invoices: { type: classic }
`,
      stderr: '',
    })
  })

  it('explains a rule, with the page of a rule of lint', async () => {
    expect((await command(['explain', 'retry-not-ascending'])).stdout).toBe(`retry-not-ascending  rule of warren lint

  A retry waits for a shorter time than the one before it.

  Remedy       Order the delays from short to long, so that a service that is down gets more time with each attempt.
  Page         docs/rules/retry-not-ascending.md
`)
    expect((await command(['explain', 'queue-added'])).stdout).toBe(`queue-added  rule of warren breaking

  A queue is new.

  Remedy       Nothing to do.
`)
  })

  it('explains the reason of a block', async () => {
    const { code, stdout } = await command(['explain', 'needs-replacement'])

    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^needs-replacement {2}block of a plan, exit code 4\n[^]*--migrate/),
    ])
  })

  it('names the exit code for an error, and none for a code that does not stop a command', async () => {
    expect((await command(['explain', 'STALE_PLAN'])).stdout).toMatch(/^STALE_PLAN {2}error, exit code 5\n/)
    expect((await command(['explain', 'LOCKED', '--format', 'json'])).stdout).toContain('"exitCode": 4')
    expect((await command(['explain', 'publication-reaches-nothing'])).stdout).toMatch(/^\S+ {2}warning\n/)
  })

  it('lists all codes with a line each', async () => {
    const { stdout } = await command(['explain'])

    const listed = stdout.split('\n').flatMap((line) => /^ {2}([\w-]+) {2,}\S/.exec(line)?.[1] ?? [])
    expect(listed).toEqual(explain().map(({ code }) => code))
  })

  it('prints JSON', async () => {
    const { stdout } = await command(['explain', 'STALE_PLAN', '--format', 'json'])

    expect(JSON.parse(stdout)).toEqual({
      format: 1,
      explanations: explain('STALE_PLAN').map((each) => ({ ...each, exitCode: 5 })),
    })
  })

  it.each([
    ['duplicate_keys', 'duplicate-key'],
    ['STALE-PLAN', 'STALE_PLAN'],
    ['policy-shadwed', 'policy-shadowed'],
  ])('suggests the nearest code to one that is unknown: %s', async (given, nearest) => {
    const { code, stderr } = await command(['explain', given])

    expect([code, stderr]).toEqual([3, expect.stringContaining(`did you mean ${nearest}?`)])
  })

  it('suggests nothing for a code that is similar to no other', async () => {
    const { code, stderr } = await command(['explain', 'nonsense'])

    expect([code, stderr]).toEqual([3, expect.stringContaining('list all codes with: warren explain')])
    expect(stderr).not.toContain('did you mean')
  })
})
