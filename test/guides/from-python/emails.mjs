import { DoNotRetry } from 'warren/runtime'

/**
 * The consumer. The runtime is a parameter, so that a test can pass another one.
 *
 * @param {import('warren/runtime').Runtime} runtime
 */
export function consumeEmails(runtime) {
  return runtime.consume('emails', async (/** @type {{ task_id: string, recipient: string }} */ email) => {
    if (email.task_id.endsWith('3')) throw new Error('simulated failure')
    if (email.recipient.endsWith('@invalid')) throw new DoNotRetry('no such domain')
    // send it here
  })
}
