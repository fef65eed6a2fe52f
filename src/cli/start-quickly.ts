import { setFlagsFromString } from 'node:v8'

/**
 * Prevents V8 from optimizing the WebAssembly of undici's HTTP parser. This takes 200 ms of processor time, and the
 * process cannot end before it is done. In a run that is long enough to profit from it, other work dominates.
 */
export function startQuickly(): void {
  setFlagsFromString('--liftoff-only')
}
