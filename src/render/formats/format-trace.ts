import type { Trace } from '../../insight/trace/trace.ts'
import { traceJson } from '../trace/trace-json.ts'
import { traceText } from '../trace/trace-text.ts'
import { styleOf } from './format-options.ts'

export interface TraceFormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json'
  /** Whether text is colored. Default false. */
  readonly color?: boolean
}

/** Formats the result of `trace`. */
export function formatTrace(trace: Trace, options: TraceFormatOptions = {}): string {
  return options.format === 'json' ? traceJson(trace) : traceText(trace, styleOf(options))
}
