/** Sends each email that arrives. */
export async function sendEmails(runtime, mailer) {
  await runtime.consume('emails', (email) => mailer.send(email.to))
}
