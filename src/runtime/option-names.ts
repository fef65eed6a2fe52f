/** The names of all options of a kind: the compiler sees to it that none is missing here. */
export type OptionNames<Options> = Readonly<Record<keyof Required<Options>, true>>

/** A name among the options given that means nothing; without it a misspelt option would change nothing, silently. */
export function unknownOption(given: object, known: Readonly<Record<string, true>>): string | undefined {
  for (const name in given) if (!Object.hasOwn(known, name)) return name
  return undefined
}

/** What was probably meant. */
export async function unknownOptionHint(name: string, known: Readonly<Record<string, true>>): Promise<string> {
  const names = Object.keys(known)
  // A mistake of the program's, once in its life: what compares words is not loaded with every program.
  const { suggest } = await import('../diagnostics/text/suggest.ts')
  const meant = suggest(name, names)
  return meant === undefined ? `there are: ${names.join(', ')}` : `did you mean "${meant}"?`
}
