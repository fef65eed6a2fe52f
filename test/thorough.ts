/** How many times as many random cases are tried as usual: several in the run of every night (`npm run test:fresh`). */
export const THOROUGH = Number(process.env['WARREN_THOROUGH'] ?? 1)
