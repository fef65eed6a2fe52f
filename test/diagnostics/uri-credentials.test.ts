import { describe, expect, it } from 'vitest'
import {
  credentialRangesIn,
  credentialRangesInValue,
  credentialRangesInYaml,
  credentialsIn,
} from '../../src/diagnostics/uri-credentials.ts'
import { growthOf, LINEAR } from '../growth.ts'

describe('the logins of URIs', () => {
  it.each(['password', 'a', '1.', 'a:', 'a://', 'a@', 'a://b:c@', '?a=', '"', "'", ' "a', " 'a", '"\\\\'])(
    'are found in time that grows with the length of a text of %j',
    (part) => {
      const look = (size: number): void => {
        for (const text of [part.repeat(size), `a:${part.repeat(size)}@`, `a://${part.repeat(size)}@`]) {
          credentialRangesIn(text)
          credentialRangesInYaml(text)
          credentialRangesInValue(text)
          credentialsIn(text)
        }
      }
      expect(growthOf(look, 300)).toBeLessThan(LINEAR)
    },
  )
})
