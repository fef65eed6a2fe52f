import { describe, expect, it } from 'vitest'
import { explainFinding as sentenceOf, finding } from '../../../src/diagnostics/findings/finding.ts'
import { formatLocation } from '../../../src/diagnostics/location.ts'
import { escapeForeignControls, shownMessage } from '../../../src/diagnostics/text/shown-text.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { countable, growthOf, LINEAR } from '../../counting/growth.ts'

const { findingsText } = await countable(() => import('../../../src/render/text/findings-text.ts'))

describe('a string that is shown', () => {
  it('contains no control sequences for the terminal, for any name of a file or an object', () => {
    const name = 'a\u001b]0;owned\u0007\u009b31m\u202e.yaml'

    expect(escapeForeignControls(`${name}\tx\n`)).toBe('a\\u001b]0;owned\\u0007\\u009b31m\\u202e.yaml\tx\n')
    expect(formatLocation({ file: 'a\nb\r', line: 1, column: 2 })).toBe('a\\nb\\u000d:1:2')
  })

  it('keeps the colors and the progress of warren itself', () => {
    const own = `\r\u001b[K${styleFor(true).strong(styleFor(true).remove('x'))}\r\n`

    expect(escapeForeignControls(own)).toBe(own)
  })

  it('contains no word that is too long to read', () => {
    expect(shownMessage(`the number ${'9'.repeat(500_000)} is too large`)).toBe(
      `the number ${'9'.repeat(200)}… (500,000 characters) is too large`,
    )
    expect(sentenceOf(finding('number-not-finite', { text: '9 '.repeat(250_000) })).message.length).toBeLessThan(400)
  })

  it('shows the first thousand of many findings, errors first, and the number of the others', () => {
    const warnings = Array.from({ length: 30 }, (_, at) =>
      finding('overlay-removes-nothing', { key: `w${at}` }, { file: 'a', line: 1, column: at + 1 }),
    )
    const errors = Array.from({ length: 40_000 }, (_, at) =>
      finding('unknown-key', { key: `e${at}`, allowed: ['queues'] }, { file: 'a', line: at + 2, column: 1 }),
    )
    const text = findingsText([...warnings, ...errors], new Map(), styleFor(false))

    expect(text.match(/ error {2}/g)).toHaveLength(1_000)
    expect(text).toMatch(/\nand 39,030 more findings\n$/)
  })

  it('takes a number of steps that is linear in the number of findings', () => {
    const source = (size: number) => 'wrong: 1\n'.repeat(size)
    const show = (size: number): void => {
      const findings = Array.from({ length: size }, (_, at) =>
        finding('unknown-key', { key: 'wrong', allowed: ['queues'] }, { file: 'a', line: at + 1, column: 1 }),
      )
      findingsText(findings, new Map([['a', source(size)]]), styleFor(false))
    }

    expect(growthOf(show, 20)).toBeLessThan(LINEAR)
  })
})
