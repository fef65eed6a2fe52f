/**
 * How many times as much processor time some work takes when its input is eight times as large: 8 for work that is linear,
 * 64 for work that is quadratic. The least of several measurements counts, since other programs only add to it.
 */
export function growthOf(work: (size: number) => void, size: number): number {
  work(size)
  return (
    leastTime(() => work(size * 8)) /
    Math.max(
      leastTime(() => work(size)),
      SHORTEST,
    )
  )
}

const MEASUREMENTS = 4
/** What takes less is not measured well, in microseconds. */
const SHORTEST = 300

function leastTime(work: () => void): number {
  const times = Array.from({ length: MEASUREMENTS }, () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.min(...times)
}

/** More than linear work grows, and much less than quadratic work does. */
export const LINEAR = 24
