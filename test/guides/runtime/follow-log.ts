import type { Runtime } from 'warren/runtime'

/** Where the program keeps the offset of the last event that it has done: a row of its database, best of all. */
export interface Progress {
  read(): Promise<number | undefined>
  write(offset: number): Promise<void>
}

export async function followLog(runtime: Runtime, progress: Progress, work: (event: unknown) => Promise<void>) {
  const done = await progress.read()
  return runtime.consume(
    'log',
    async (event, { offset }) => {
      await work(event)
      if (offset !== undefined) await progress.write(offset)
    },
    { offset: done === undefined ? { kind: 'first' } : { kind: 'offset', offset: done + 1 } },
  )
}
