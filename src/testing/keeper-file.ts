/**
 * Where the program is that keeps a private node running. Right below a folder of `src`, since the bundles of the package
 * are one folder deep, too.
 */
export const KEEPER_FILE = new URL('../testing/throwaway/node/keeper.js', import.meta.url)
