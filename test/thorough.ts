/** The factor for the number of random cases: several in the nightly run (`npm run test:fresh`). */
export const THOROUGH = Number(process.env['WARREN_THOROUGH'] ?? 1)

/** The number of cases of a property without a broker: usually `few`, and `THOROUGH` times `many` in a thorough run. */
export function randomCases(few: number, many: number): number {
  return THOROUGH === 1 ? few : many * THOROUGH
}
