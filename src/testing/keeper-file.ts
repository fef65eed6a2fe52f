/**
 * The path of the program that keeps a private node running. It is in a folder directly below `src`, because the
 * bundles of the package are one folder deep too.
 */
export const KEEPER_FILE = new URL('../testing/throwaway/node/keeper.js', import.meta.url)
