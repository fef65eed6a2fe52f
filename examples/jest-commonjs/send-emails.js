/** Sends each email that arrives. */
async function sendEmails(runtime, mailer) {
  await runtime.consume('emails', (email) => mailer.send(email.to))
}

module.exports = { sendEmails }
