import { describe, expect, it } from 'vitest'
import { shortenedText, textWidth } from '../../../src/render/svg/text-width.ts'

describe('textWidth', () => {
  it('measures narrow, wide and square characters differently', () => {
    expect(textWidth('iiii', 10)).toBeCloseTo(8.88)
    expect(textWidth('WWWW', 10)).toBeCloseTo(37.76)
    expect(textWidth('队列', 10)).toBe(20)
    expect(textWidth('', 10)).toBe(0)
  })
})

describe('shortenedText', () => {
  it('does not change a string that fits', () => {
    expect(shortenedText('orders', 10, 100)).toBe('orders')
  })

  it('replaces the middle of a long name, so that beginning and end can be recognized', () => {
    const name = `orders.${'x'.repeat(240)}.created`

    const short = shortenedText(name, 10, 100)

    expect(short).toMatch(/^orders\.x+…x*\.created$/)
    expect(textWidth(short, 10)).toBeLessThanOrEqual(100)
  })

  it('does not split characters of two UTF-16 units', () => {
    expect(shortenedText('🐇'.repeat(50), 10, 60)).toBe('🐇🐇🐇…🐇🐇')
  })
})
