import type { Runtime } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

export function writeInvoices(runtime: Runtime<Routes>, write: (id: string, amount: number, currency: string) => void) {
  return runtime.consume('invoices', ({ id, total }) => write(id, total.amount, total.currency), {
    upcast: {
      // Version 1 had the total as a number of euros.
      1: ({ id, total }) => ({ id, total: { amount: total, currency: 'EUR' } }),
    },
  })
}
