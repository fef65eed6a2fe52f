import type { Finding, FindingCode } from '../../diagnostics/findings/finding.ts'
import type { Location, RelatedLocation } from '../../diagnostics/location.ts'
import { addressOf } from '../../model/address.ts'
import type { Declared, Kind, ObjectOf } from '../../model/topology.ts'
import type { LintContext } from './lint-context.ts'

export type LintSeverity = 'error' | 'warning'

/** The groups of rules. Rules of the group `policy` are off by default. */
export type RuleGroup = 'routing' | 'loss' | 'rights' | 'versions' | 'policy' | 'ignores'

/** The description of a rule. Its page is `docs/rules/<id>.md`. */
export interface RuleText {
  readonly id: string
  readonly group: RuleGroup
  /** The default; a config can set another one. */
  readonly severity: LintSeverity | 'off'
  /** The meaning of its findings, in one sentence. */
  readonly meaning: string
  /** What to do about them, in one sentence. */
  readonly remedy: string
}

/** The path of a rule's page, from the root of the project. */
export function pageOf(rule: string): string {
  return `docs/rules/${rule}.md`
}

/** The options of a rule from a config, checked by its schema. */
export type RuleOptions = Readonly<Record<string, unknown>>

/** The object that a warning about the files is about. */
export interface Subject {
  /** Absent for publications and subscriptions, which have no address, and where it is unknown. */
  readonly address?: string
}

/** A rule: a pure function of the linted topology. */
export interface Rule extends RuleText {
  /** Warnings about the files that this rule reports unchanged as its own findings. */
  readonly adopts?: readonly FindingCode[]
  /**
   * Returns a function that finds the object of an adopted warning. Files are expanded one project at a time, so a
   * warning may be wrong for the whole virtual host, which contains objects of other projects too; the function then
   * returns undefined. Default: each warning applies, and has no object.
   */
  subjects?(context: LintContext): (warning: Finding) => Subject | undefined
  check(context: LintContext, options: RuleOptions): Iterable<Violation>
}

/** A change to a file that resolves a finding and does not change the behavior of the topology. */
export interface Fix {
  readonly edit: FixEdit
  /** Continues "fixed: ", such as `removed the comment`. */
  readonly done: string
}

/** The change at the location of the finding. */
export type FixEdit =
  /** Removes the item of a list. */
  | { readonly kind: 'remove-item' }
  /** Removes the line of a comment. */
  | { readonly kind: 'remove-comment' }
  /** Writes another text for a key. */
  | { readonly kind: 'replace'; readonly key: string; readonly from: string; readonly to: string }

/** A single result of a rule. */
export interface Violation {
  /** Absent if a person has to decide. */
  readonly fix?: Fix
  readonly message: string
  readonly hint?: string
  /** The address of the object. */
  readonly address?: string
  /** Absent for objects of a live broker. */
  readonly location?: Location
  readonly related?: readonly RelatedLocation[]
}

/** Makes a violation about an object, at the position of its declaration. */
export function about<K extends Kind>(kind: K, object: ObjectOf[K], message: string, hint?: string): Violation {
  const { origin } = object as Declared
  return {
    address: addressOf(kind, object),
    message,
    ...(hint !== undefined && { hint }),
    ...(origin && { location: origin }),
  }
}

/** Makes a violation about a publication or a subscription, which have no address. */
export function aboutRoute(route: { readonly origin?: Location }, message: string, hint?: string): Violation {
  return { message, ...(hint !== undefined && { hint }), ...(route.origin && { location: route.origin }) }
}
