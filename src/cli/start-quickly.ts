import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8 from optimizing the WebAssembly of undici's HTTP parser, which takes 200 ms of a processor, and a process does
 * not end before it is done. A run that lasts long enough to gain from it spends its time elsewhere.
 */
export function startQuickly(): void {
  setFlagsFromString('--liftoff-only')
}
