import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RULES } from '../../../src/insight/lint/all-rules.ts'

const FOLDER = join(import.meta.dirname, '../../integration')
const OWN = 'insight/rules.test.ts'

/** The tests on a broker that show the behavior of other rules, in `test/integration`. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'binding-key-refused': 'objects/binding-keys.test.ts',
  'consumer-timeout-exceeded': 'runtime/connection/runtime-consumer-timeout.test.ts',
  'guest-user': 'delete/lost-leader.test.ts',
  'message-version-not-accepted': 'runtime/messages/runtime-versions.test.ts',
  'persistent-into-transient': 'delete/lost-leader.test.ts',
  'policies-of-equal-priority': 'objects/effective-policies.test.ts',
  'policy-captures-derived': 'objects/captured-queues.test.ts',
  'policy-refused': 'objects/policy-keys.test.ts',
  'queue-argument-ignored': 'objects/argument-tables.test.ts',
  'queue-argument-refused': 'objects/argument-tables.test.ts',
  'retry-returns-nowhere': 'insight/routed-fates.test.ts',
  'rights-exceed-routes': 'apply/can.test.ts',
  'target-group-size-is-larger': 'objects/policy-keys.test.ts',
}

/** Rules about files or intentions, which a broker cannot show. */
const OF_FILES = [
  'exchange-not-published',
  'literal-secret',
  'queue-not-consumed',
  'retry-not-ascending',
  'unbounded-queue',
]

describe('the behavior of the broker that a rule is about', () => {
  const titles = [...readFileSync(join(FOLDER, OWN), 'utf8').matchAll(/\bit\('([^']*)'/g)].map(
    ([, title = '']) => title,
  )

  it('is shown on a broker for each rule that is not about files alone', () => {
    const shown = titles
      .flatMap((title) => (title.split(':')[0] ?? '').split(' and '))
      .filter((each) => each.includes('-'))
    const listed = [...shown, ...Object.keys(ELSEWHERE), ...OF_FILES]
    const rules = RULES.filter(({ group }) => group !== 'policy').map(({ id }) => id)

    expect(listed.toSorted()).toEqual(rules.toSorted())
  })

  it.each(Object.entries(ELSEWHERE))('is shown by a test that exists: %s', (_rule, file) => {
    expect(existsSync(join(FOLDER, file))).toBe(true)
  })
})
