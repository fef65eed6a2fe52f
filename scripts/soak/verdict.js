import { readFileSync } from 'node:fs'

/**
 * Whether every confirmed message was processed, or is a dead letter with its reason.
 *
 * @param {{ producers: { file: string }[], workers: string[], dead: { producer: number, n: number, reason: string }[] }} run
 */
export function judge({ producers, workers, dead }) {
  const processed = producers.map(() => new Map())
  let runs = 0
  for (const file of workers) {
    for (const line of linesOf(file)) {
      const [producer = 0, n = 0] = line.split(' ').map(Number)
      const times = processed[producer]
      if (!times) throw new Error(`a worker has processed a message that was never published: ${line}`)
      times.set(n, (times.get(n) ?? 0) + 1)
      runs++
    }
  }
  const reasons = {}
  const deadNumbers = producers.map(() => new Set())
  for (const { producer, n, reason } of dead) {
    reasons[reason] = (reasons[reason] ?? 0) + 1
    deadNumbers[producer]?.add(n)
  }
  const lost = []
  let confirmed = 0
  for (const [producer, { file }] of producers.entries()) {
    for (const line of linesOf(file)) {
      const n = Number(line)
      confirmed++
      if (!processed[producer].has(n) && !deadNumbers[producer].has(n)) lost.push(`${producer} ${n}`)
    }
  }
  const distinct = processed.reduce((sum, numbers) => sum + numbers.size, 0)
  return { confirmed, lost, processed: distinct, again: runs - distinct, dead: dead.length, reasons }
}

/** Without the line that a killed process has not finished. */
function linesOf(file) {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
}
