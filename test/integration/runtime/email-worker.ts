import type { Routes } from '../../../src/model/routes.ts'
import { closeOnSignal, connect } from '../../../src/runtime/index.ts'

// A worker as a separate process. It takes a short time for each email, fails on every tenth one, and prints what it
// has done.
const routes = JSON.parse(process.env['TEST_ROUTES'] ?? '') as Routes
const runtime = await connect({ topology: { routes }, logger: false })
closeOnSignal(runtime, { onClosed: (closed) => process.stdout.write(`closed ${JSON.stringify(closed)}\n`) })
await runtime.consume<{ n: number }>('emails', async ({ n }) => {
  process.stdout.write(`begun ${n}\n`)
  await new Promise((resolve) => setTimeout(resolve, 5))
  if (n % 10 === 3) throw new Error(`email ${n} cannot be sent`)
  process.stdout.write(`done ${n}\n`)
})
process.stdout.write('ready\n')
