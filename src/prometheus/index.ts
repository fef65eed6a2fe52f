export { countInPrometheus } from './count-in-prometheus.ts'
export type { CountedRuntime } from './count-in-prometheus.ts'
