import { describe, expect, it } from 'vitest'
import { showText, showValue } from '../../../src/render/words/show-value.ts'

describe('a string in a plan', () => {
  it.each([
    ['user.*', 'user.*'],
    ['日本', '日本'],
    ['two words', '"two words"'],
    ['', '""'],
    ['line\nbreak', '"line\\nbreak"'],
    ['\u001B[31m', '"\\u001b[31m"'],
    ['\u009B31m', '"\\u009b31m"'],
    ['a\u202Eb', '"a\\u202eb"'],
    ['a\u200Bb', '"a\\u200bb"'],
    ['a\u{E0001}b', '"a\\udb40\\udc01b"'],
  ])('%j shows as %s', (text, shown) => {
    expect(showText(text)).toBe(shown)
  })
})

describe('a value in a plan', () => {
  it.each([
    [undefined, '(none)'],
    ['(none)', '"(none)"'],
    [1, '1'],
    ['1', '"1"'],
    [true, 'true'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['{}', '"{}"'],
    [{}, '{}'],
    ['quorum', 'quorum'],
    [['a\u202Eb', '1', 1], '["a\\u202eb","1",1]'],
  ])('%j shows as %s', (value, shown) => {
    expect(showValue(value)).toBe(shown)
  })
})
