import { createInterface } from 'node:readline/promises'
import type { Io } from './io.ts'

/** Asks at the terminal, with all secrets masked. An end of input, or Ctrl-C, is an empty answer. */
export async function ask(question: string, { secrets }: Io): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new Promise<string>((resolve) => {
    terminal.once('close', () => resolve(''))
  })
  try {
    return await Promise.race([terminal.question(secrets.mask(question)), closed])
  } finally {
    terminal.close()
  }
}
