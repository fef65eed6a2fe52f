/** `1,204 messages`, `1 message`. */
export function countOf(messages: number): string {
  return `${messages.toLocaleString('en-US')} ${messages === 1 ? 'message' : 'messages'}`
}
