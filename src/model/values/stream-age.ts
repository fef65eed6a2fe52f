/** The units in which RabbitMQ takes the age of a stream's segments, in seconds (rabbit_amqqueue: `unit_value_in_ms`). */
const SECONDS: Readonly<Record<string, number>> = { Y: 31_536_000, M: 2_592_000, D: 86_400, h: 3_600, m: 60, s: 1 }

/** The seconds that an age such as `24h` means to the broker; undefined where it is none. */
export function ageInSeconds(age: unknown): number | undefined {
  const [, digits, unit = ''] = (typeof age === 'string' && /^(\d+)([YMDhms])$/.exec(age)) || []
  const seconds = SECONDS[unit]
  return digits === undefined || seconds === undefined ? undefined : Number(digits) * seconds
}
