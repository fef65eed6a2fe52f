import type { Trace } from '../../insight/trace/trace.ts'

/** The version of the format of traces. */
const FORMAT = 1

/** A trace for programs. */
export function traceJson(trace: Trace): string {
  return `${JSON.stringify({ format: FORMAT, ...trace }, undefined, 2)}\n`
}
