import type { Runtime } from 'warren/runtime'

export interface Mailer {
  send(to: string): unknown
}

/** Sends each email that arrives. */
export async function sendEmails(runtime: Runtime, mailer: Mailer): Promise<void> {
  await runtime.consume('emails', (email: { to: string }) => mailer.send(email.to))
}
