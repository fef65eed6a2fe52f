import { context, propagation } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { openTelemetry } from 'warren/opentelemetry'
import * as warren from './warren.js'

// Every message gets its spans, but they are not exported: the bench does not measure an exporter.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
const ignore = {
  onStart() {},
  onEnd() {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
const tracerProvider = new BasicTracerProvider({ spanProcessors: [ignore] })
const options = () => ({ instrumentation: openTelemetry({ tracerProvider }) })

/** @type {import('./client.js').OpenPublisher} */
export const openPublisher = (setup) => warren.openPublisher(setup, options())

/** @type {import('./client.js').OpenConsumer} */
export const openConsumer = (setup) => warren.openConsumer(setup, options())
