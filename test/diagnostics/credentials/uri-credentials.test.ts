import { describe, expect, it } from 'vitest'
import { countable, growthOf, LINEAR } from '../../counting/growth.ts'

const { credentialRangesIn, credentialRangesInValue, credentialRangesInYaml, credentialsIn } = await countable(
  () => import('../../../src/diagnostics/credentials/uri-credentials.ts'),
)

describe('the logins of URIs', () => {
  it.each(['password', 'a', '1.', 'a:', 'a://', 'a@', 'a://b:c@', '?a=', '"', "'", ' "a', " 'a", '"\\\\'])(
    'are found in a number of steps that is linear in the length of a string of %j',
    (part) => {
      const look = (size: number): void => {
        for (const text of [part.repeat(size), `a:${part.repeat(size)}@`, `a://${part.repeat(size)}@`]) {
          credentialRangesIn(text)
          credentialRangesInYaml(text)
          credentialRangesInValue(text)
          credentialsIn(text)
        }
      }
      expect(growthOf(look, 30)).toBeLessThan(LINEAR)
    },
  )
})
