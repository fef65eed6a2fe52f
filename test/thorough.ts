/** How many times as many random cases are tried as usual: several in the run of every night (`npm run test:fresh`). */
export const THOROUGH = Number(process.env['WARREN_THOROUGH'] ?? 1)

/** How many cases a property without a broker tries: `few` usually, `THOROUGH` times `many` in a thorough run. */
export function randomCases(few: number, many: number): number {
  return THOROUGH === 1 ? few : many * THOROUGH
}
