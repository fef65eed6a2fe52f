/** The response of a broker to a write of `managementApi`: `taken`, or the status of the refusal. */
export async function answerTo(write: () => Promise<unknown>): Promise<string> {
  try {
    await write()
    return 'taken'
  } catch (error) {
    const [, status] = /: (\d{3}) /.exec(String(error)) ?? []
    if (status === undefined) throw error
    return status
  }
}
