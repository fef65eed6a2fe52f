import { connect } from 'warren/runtime'
import type { RoutesOfSchemas } from 'warren/runtime'
import { z } from 'zod'

const Order = z.object({
  id: z.string(),
  lines: z.array(z.object({ sku: z.string() })),
  paidAt: z.coerce.date<string>(),
})

/** The keys are the names of publications and subscriptions. */
const schemas = { 'order-event': Order, emails: Order }

export async function remindOfPayments(remind: (paidAt: Date) => void) {
  const runtime = await connect<RoutesOfSchemas<typeof schemas>>({ topology: 'topology.json', schemas })
  await runtime.consume('emails', ({ paidAt }) => remind(paidAt))
  return runtime
}
