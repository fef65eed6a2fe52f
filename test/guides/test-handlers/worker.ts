import { DoNotRetry } from 'warren/runtime'
import type { Runtime } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

export interface Mailer {
  send(to: string, text: string): Promise<void>
}

export async function startWorker(runtime: Runtime<Routes>, mailer: Mailer): Promise<void> {
  await runtime.consume('emails', async (email, delivery) => {
    if (!email.to.includes('@')) throw new DoNotRetry(`${email.to} is not an address`)
    await mailer.send(email.to, email.text)
    await runtime.publish('email-sent', { to: email.to, attempts: delivery.attempt })
  })
}
