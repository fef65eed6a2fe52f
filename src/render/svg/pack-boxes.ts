import type { Box } from './picture.ts'

/** The desired ratio of width to height, which is that of most screens. */
export const ASPECT = 16 / 10
const GAP = 20

/**
 * Places boxes next to and below each other, roughly in their order, so that together they have the shape of a screen.
 */
export function packBoxes<T extends Box>(
  boxes: readonly T[],
): { readonly boxes: T[]; readonly width: number; readonly height: number } {
  const widest = Math.max(0, ...boxes.map(({ width }) => width))
  const area = boxes.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0)
  // Gaps between boxes make the picture higher than the area of the boxes suggests.
  const candidates = [0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5].map((factor) =>
    Math.max(widest, Math.sqrt(area * ASPECT) * factor),
  )
  const packed = candidates.map((width) => packedInto(boxes, width))
  const badness = ({ width, height }: { readonly width: number; readonly height: number }) =>
    Math.max(width, height * ASPECT)
  return packed.reduce((best, each) => (badness(each) < badness(best) ? each : best))
}

/** A part of the outline of the boxes that are already placed. */
interface Step {
  readonly x: number
  readonly width: number
  readonly y: number
}

function packedInto<T extends Box>(boxes: readonly T[], width: number) {
  let skyline: readonly Step[] = [{ x: 0, width: width + GAP, y: 0 }]
  const placed = boxes.map((box): T => {
    const place = lowestPlace(skyline, box.width + GAP)
    skyline = raised(skyline, { x: place.x, width: box.width + GAP, y: place.y + box.height + GAP })
    return { ...box, x: Math.round(place.x), y: Math.round(place.y) }
  })
  return {
    boxes: placed,
    width: Math.max(0, ...placed.map((box) => box.x + box.width)),
    height: Math.max(0, ...placed.map((box) => box.y + box.height)),
  }
}

/** The uppermost place that is wide enough, and the leftmost of these. */
function lowestPlace(skyline: readonly Step[], width: number): { readonly x: number; readonly y: number } {
  const end = Math.max(...skyline.map((step) => step.x + step.width))
  let best: { readonly x: number; readonly y: number } | undefined
  for (const [index, { x }] of skyline.entries()) {
    if (x + width > end + 0.01) break
    let y = 0
    for (const step of skyline.slice(index)) {
      if (step.x >= x + width) break
      y = Math.max(y, step.y)
    }
    if (best === undefined || y < best.y) best = { x, y }
  }
  return best ?? { x: 0, y: Math.max(...skyline.map(({ y }) => y)) }
}

/** The outline after a box is placed on it. */
function raised(skyline: readonly Step[], box: Step): readonly Step[] {
  const end = box.x + box.width
  const left = skyline.flatMap((step) =>
    step.x < box.x ? [{ ...step, width: Math.min(step.width, box.x - step.x) }] : [],
  )
  const right = skyline.flatMap((step) => {
    const stepEnd = step.x + step.width
    return stepEnd > end ? [{ ...step, x: Math.max(step.x, end), width: stepEnd - Math.max(step.x, end) }] : []
  })
  return [...left, box, ...right]
}
