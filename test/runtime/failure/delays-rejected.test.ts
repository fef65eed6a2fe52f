import { describe, expect, it } from 'vitest'
import { delaysRejected } from '../../../src/runtime/failure/decide-failure.ts'

describe('delaysRejected', () => {
  it.each([
    ['3.13.7', false],
    ['4.2.9', false],
    ['4.3.0', false],
    ['4.3.1', true],
    ['4.3.10-rc.1', true],
    ['4.10.0', true],
    ['5.0.0', true],
    ['', true],
  ])('knows whether RabbitMQ %s delays rejected messages', (version, expected) => {
    expect(delaysRejected(version)).toBe(expected)
  })
})
