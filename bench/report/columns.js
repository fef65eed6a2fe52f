/**
 * The titles of the figures of a sample in tables, the number of digits, and which of them express the speed.
 *
 * @type {readonly { name: string, title: string, digits: number, spread?: true, ratio?: string }[]}
 */
export const COLUMNS = [
  { name: 'seconds', title: 'seconds', digits: 2, spread: true, ratio: 'times the time' },
  { name: 'milliseconds', title: 'milliseconds', digits: 0, spread: true, ratio: 'times the time' },
  { name: 'perSecond', title: 'messages/s', digits: 0, spread: true, ratio: 'times as fast' },
  { name: 'p50', title: 'p50 ms', digits: 2 },
  { name: 'p99', title: 'p99 ms', digits: 1, spread: true, ratio: 'times the p99' },
  { name: 'p999', title: 'p99.9 ms', digits: 1 },
  { name: 'took', title: 'took s', digits: 1 },
  { name: 'objectsPerSecond', title: 'objects/s', digits: 0 },
  { name: 'megabytesPerSecond', title: 'MB/s', digits: 2 },
  { name: 'cpu', title: 'CPU s', digits: 2, ratio: 'times the CPU' },
  { name: 'cpuEach', title: 'CPU µs each', digits: 1, ratio: 'times the CPU' },
  { name: 'brokerCpu', title: "broker's CPU s", digits: 2 },
  { name: 'megabytes', title: 'peak MB', digits: 0 },
  { name: 'requests', title: 'requests', digits: 0 },
]
