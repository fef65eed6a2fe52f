import type { Runtime } from 'warren/runtime'

/** Stores the offset of the last handled event, preferably in the database that the events change. */
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
