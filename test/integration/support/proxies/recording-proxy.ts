import { type FaultProxy, faultProxy } from './fault-proxy.ts'

/** A request that may change something on the broker. */
export interface RecordedWrite {
  readonly method: string
  readonly path: string
}

export interface RecordingProxy extends FaultProxy {
  /** The writes that passed, in their order. */
  readonly writes: () => readonly RecordedWrite[]
}

/** A proxy in front of the management API of the broker of the run, which records the writes. */
export async function recordingProxy(): Promise<RecordingProxy> {
  const writes: RecordedWrite[] = []
  const proxy = await faultProxy((_count, { method, path }) => {
    if (method !== 'GET' && method !== 'HEAD') writes.push({ method, path })
    return undefined
  })
  return { ...proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](), writes: () => writes }
}
