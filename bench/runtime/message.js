/**
 * A message like those that a program sends.
 *
 * @param {number} size the number of bytes of its text, in addition to some 100 of JSON
 */
export function messageOf(size) {
  return {
    task_id: 'email-4711',
    recipient: 'someone@example.com',
    subject: 'Your order',
    text: 'x'.repeat(size),
  }
}
