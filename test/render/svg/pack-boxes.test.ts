import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packBoxes } from '../../../src/render/svg/pack-boxes.ts'

const BOX = fc.record({
  x: fc.constant(0),
  y: fc.constant(0),
  width: fc.integer({ min: 40, max: 900 }),
  height: fc.integer({ min: 40, max: 900 }),
})

describe('packBoxes', () => {
  it('places no two boxes on the same spot, and none outside of the picture', () => {
    fc.assert(
      fc.property(fc.array(BOX, { maxLength: 25 }), (boxes) => {
        const packed = packBoxes(boxes)

        expect(packed.boxes.map(({ width, height }) => [width, height])).toEqual(
          boxes.map(({ width, height }) => [width, height]),
        )
        for (const [index, one] of packed.boxes.entries()) {
          expect(Math.min(one.x, one.y)).toBeGreaterThanOrEqual(0)
          expect(one.x + one.width).toBeLessThanOrEqual(packed.width)
          expect(one.y + one.height).toBeLessThanOrEqual(packed.height)
          for (const other of packed.boxes.slice(index + 1)) {
            const isApart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y
            expect(isApart).toBe(true)
          }
        }
      }),
    )
  })

  it('arranges a hundred groups of the same size in about the shape of a screen', () => {
    const boxes = Array.from({ length: 100 }, () => ({ x: 0, y: 0, width: 300, height: 200 }))

    const { width, height } = packBoxes(boxes)

    expect(width / height).toBeGreaterThan(1.2)
    expect(width / height).toBeLessThan(2)
  })
})
