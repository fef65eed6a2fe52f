import { isAtLeast } from '../model/broker-version.ts'

/**
 * The best number of concurrent writes for a broker. Measured on two cores: 3.10 gains up to 64 at a time; brokers
 * from 4.0 on gain nothing above 16 (docs/explanation/benchmarks.md).
 */
export function defaultParallelism(version: string): number {
  return isAtLeast(version, '4.0.0') ? 16 : 64
}
