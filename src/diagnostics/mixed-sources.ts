/** A setting of a connection, and whether it comes from a `.env` file or from a config. */
export interface GivenSetting {
  /** In the user's notation: `--url`, `WARREN_URL`. */
  readonly name: string
  readonly isFromFile: boolean
}

/**
 * Explains that some settings of one connection come from a `.env` file and others from the command line or the
 * environment of the process. A file in a checkout must not determine where a login from another source is sent.
 *
 * @param used the settings of the connection
 * @param origin the other source. Default: `.env`
 * @returns undefined if all settings come from one source
 */
export function mixedSources(
  used: readonly GivenSetting[],
  origin: { readonly source: string; readonly short: string } = { source: 'the file .env', short: '.env' },
): { readonly message: string; readonly hint: string } | undefined {
  const fromFile = used.filter(({ isFromFile }) => isFromFile).map(({ name }) => name)
  const others = used.filter(({ isFromFile }) => !isFromFile).map(({ name }) => name)
  if (fromFile.length === 0 || others.length === 0) return undefined
  const verb = fromFile.length === 1 ? 'comes' : 'come'
  return {
    message: `${fromFile.join(' and ')} ${verb} from ${origin.source}, and ${others.join(' and ')} from outside of it: URLs and login must come from one source`,
    hint: `write all of them into ${origin.short}, or all of them outside of it`,
  }
}
