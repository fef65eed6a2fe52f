import { catalogue } from './catalogue.ts'
import type { FindingKind, Sentence, Severity } from './kind.ts'
import { usesOf, type Location, type RelatedLocation } from '../location.ts'
import { shortenedTexts } from '../text/shown-text.ts'

type Catalogue = typeof catalogue
/** The stable name of a kind of finding, such as `duplicate-key`. */
export type FindingCode = keyof Catalogue
/** The arguments that the sentence of this finding needs. */
export type FindingArguments<C extends FindingCode> = Parameters<Catalogue[C]['say']>[0]

/** A finding of one code. */
export interface FindingOf<C extends FindingCode> {
  /** The stable name of its kind, such as `duplicate-key`. */
  readonly code: C
  /** The arguments of its sentence. */
  readonly args: FindingArguments<C>
  /** Absent only if no file is involved, for example for a folder without files. */
  readonly location?: Location
  /** Related positions. */
  readonly related?: readonly RelatedLocation[]
  /** The severity that a config sets for the rule that covers a warning. Default: that of the code. */
  readonly severity?: Severity
}

/** A message about the user's input, as data. `explainFinding` turns it into a sentence. */
export type Finding = { [C in FindingCode]: FindingOf<C> }[FindingCode]

/** Makes a finding. A finding about an inherited or repeated declaration also names its users. */
export function finding<C extends FindingCode>(
  code: C,
  args: FindingArguments<C>,
  location?: Location,
  related?: readonly RelatedLocation[],
): Finding {
  const uses = usesOf(location)
  const all = uses.length === 0 ? related : [...(related ?? []), ...uses]
  // TypeScript cannot follow the distribution of the union over the codes through a generic.
  return { code, args, ...(location && { location }), ...(all && { related: all }) } as unknown as Finding
}

/** The sentence of a finding, its remedy, and its severity. */
export interface FindingText extends Sentence {
  /** An error makes the files unusable; a warning does not. */
  readonly severity: Severity
}

/** Makes the sentence of a finding, by its code. `formatFinding` adds the position and a code frame. */
export function explainFinding(found: Finding): FindingText {
  const kind = catalogue[found.code] as FindingKind<unknown>
  return { severity: found.severity ?? kind.severity, ...kind.say(shortenedTexts(found.args)) }
}

/** Whether a finding makes the input unusable. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((each) => explainFinding(each).severity === 'error')
}
