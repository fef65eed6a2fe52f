export { countInPrometheus } from './count-in-prometheus.ts'
export type { CountedRuntime } from './count-in-prometheus.ts'
export { countOutboxInPrometheus } from './count-outbox.ts'
export type { CountedOutbox } from './count-outbox.ts'
