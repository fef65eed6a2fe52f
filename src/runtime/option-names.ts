/** The names of all options of a type, complete because of the type. */
export type OptionNames<Options> = Readonly<Record<keyof Required<Options>, true>>

/** Finds an unknown option, because a misspelled option would otherwise have no effect. */
export function unknownOption(given: object, known: Readonly<Record<string, true>>): string | undefined {
  for (const name in given) if (!Object.hasOwn(known, name)) return name
  return undefined
}

/** Suggests the most similar option. */
export async function unknownOptionHint(name: string, known: Readonly<Record<string, true>>): Promise<string> {
  const names = Object.keys(known)
  // Loaded on demand, because most programs never need it.
  const { suggest } = await import('../diagnostics/text/suggest.ts')
  const meant = suggest(name, names)
  return meant === undefined ? `there are: ${names.join(', ')}` : `did you mean "${meant}"?`
}
