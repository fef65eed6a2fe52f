import { context, propagation } from '@opentelemetry/api'
import type { Context, TextMapGetter, TextMapSetter } from '@opentelemetry/api'

type Headers = Readonly<Record<string, unknown>>

const getter: TextMapGetter<Headers> = {
  get: (headers, name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  },
  keys: (headers) => Object.keys(headers),
}

const setter: TextMapSetter<Record<string, unknown>> = {
  set: (headers, name, value) => {
    headers[name] = value
  },
}

/** The context in the headers of a message, in the format of the program's propagator; otherwise the active context. */
export function contextOf(headers: Headers): Context {
  return propagation.extract(context.active(), headers, getter)
}

/** Whether the headers already contain a context. */
export function carriesContext(headers: Headers): boolean {
  return propagation.fields().some((field) => Object.hasOwn(headers, field))
}

export function putContext(into: Record<string, unknown>, from: Context): void {
  propagation.inject(from, into, setter)
}

/**
 * Headers that connect a message to the current trace although it is published later or by another program, for
 * example through an outbox.
 */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return headers
}
