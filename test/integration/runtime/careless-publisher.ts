import type { Routes } from '../../../src/model/routes.ts'
import { connect, PublishError } from '../../../src/runtime/index.ts'

// A program that publishes as fast as it can without waiting, and prints every second its memory and the outcomes of
// its messages.
const EVERY = 10
const AT_ONCE = 30
const routes = JSON.parse(process.env['TEST_ROUTES'] ?? '') as Routes
const runtime = await connect({ topology: { routes }, logger: false })
const outcomes: Record<string, number> = {}
const count = (outcome: string): void => void (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)
const text = 'x'.repeat(8_000)

setInterval(() => {
  for (let n = 0; n < AT_ONCE; n += 1) {
    runtime
      .publish('note', { text }, { timeout: 20_000 })
      .then(() => count('confirmed'))
      .catch((error: unknown) => count(error instanceof PublishError ? error.outcome : String(error)))
  }
}, EVERY)

setInterval(() => {
  // The memory of buffers is freed by callbacks that the first collection orders.
  globalThis.gc?.()
  setImmediate(tell)
}, 1_000)

function tell(): void {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.stdout.write(`${JSON.stringify({ bytes: heapUsed + external, outcomes })}\n`)
}
