/** The units of the age of a stream's segments in RabbitMQ, in seconds (rabbit_amqqueue: `unit_value_in_ms`). */
const SECONDS: Readonly<Record<string, number>> = { Y: 31_536_000, M: 2_592_000, D: 86_400, h: 3_600, m: 60, s: 1 }

/** The seconds of an age such as `24h` for the broker; undefined if it is not an age. */
export function ageInSeconds(age: unknown): number | undefined {
  const [, digits, unit = ''] = (typeof age === 'string' && /^(\d+)([YMDhms])$/.exec(age)) || []
  const seconds = SECONDS[unit]
  return digits === undefined || seconds === undefined ? undefined : Number(digits) * seconds
}

/**
 * Whether two values of `x-max-age` or `max-age` mean the same age: the broker stores the text, and `24h` equals
 * `86400s`.
 */
export function isSameAge(name: string, one: unknown, other: unknown): boolean {
  if (name !== 'x-max-age' && name !== 'max-age') return false
  const age = ageInSeconds(one)
  return age !== undefined && age === ageInSeconds(other)
}
