import { DoNotRetry, RetryAfter } from 'warren/runtime'
import type { Runtime } from 'warren/runtime'

interface Email {
  task_id: string
  recipient: string
}

/** The answers of the mail server: 250 is sent, 421 is busy, 550 means that there is no such recipient. */
type Send = (email: Email, signal: AbortSignal) => Promise<250 | 421 | 550>

export function sendEmails(runtime: Runtime, send: Send) {
  return runtime.consume<Email>('emails', async (email, { signal }) => {
    const answer = await send(email, signal)
    if (answer === 421) throw new RetryAfter(5_000)
    if (answer === 550) throw new DoNotRetry(`${email.recipient} does not exist`)
  })
}
