/** The units in which RabbitMQ takes the age of a stream's segments, in seconds (rabbit_amqqueue: `unit_value_in_ms`). */
const SECONDS: Readonly<Record<string, number>> = { Y: 31_536_000, M: 2_592_000, D: 86_400, h: 3_600, m: 60, s: 1 }

/** The seconds that an age such as `24h` means to the broker; undefined where it is none. */
export function ageInSeconds(age: unknown): number | undefined {
  const [, digits, unit = ''] = (typeof age === 'string' && /^(\d+)([YMDhms])$/.exec(age)) || []
  const seconds = SECONDS[unit]
  return digits === undefined || seconds === undefined ? undefined : Number(digits) * seconds
}

/** Whether two values of `x-max-age` or `max-age` are the same age: the broker keeps the text, and `24h` is `86400s`. */
export function isSameAge(name: string, one: unknown, other: unknown): boolean {
  if (name !== 'x-max-age' && name !== 'max-age') return false
  const age = ageInSeconds(one)
  return age !== undefined && age === ageInSeconds(other)
}
