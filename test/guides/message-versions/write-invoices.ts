import type { Runtime } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

/** Version 1 had the total as a number of euros. */
interface OrderV1 {
  id: string
  total: number
}

export function writeInvoices(runtime: Runtime<Routes>, write: (id: string, amount: number, currency: string) => void) {
  return runtime.consume('invoices', ({ id, total }) => write(id, total.amount, total.currency), {
    upcast: {
      1: ({ id, total }: OrderV1) => ({ id, total: { amount: total, currency: 'EUR' } }),
    },
  })
}
