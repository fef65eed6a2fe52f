/** The names of all options of a type: the compiler reports a missing one. */
export type OptionNames<Options> = Readonly<Record<keyof Required<Options>, true>>

/** Finds an unknown option, since a misspelt option would otherwise silently change nothing. */
export function unknownOption(given: object, known: Readonly<Record<string, true>>): string | undefined {
  for (const name in given) if (!Object.hasOwn(known, name)) return name
  return undefined
}

/** Suggests the option that was probably meant. */
export async function unknownOptionHint(name: string, known: Readonly<Record<string, true>>): Promise<string> {
  const names = Object.keys(known)
  // Loaded on demand: most programs never need it.
  const { suggest } = await import('../diagnostics/text/suggest.ts')
  const meant = suggest(name, names)
  return meant === undefined ? `there are: ${names.join(', ')}` : `did you mean "${meant}"?`
}
