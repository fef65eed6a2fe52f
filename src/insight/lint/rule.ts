import type { FindingCode } from '../../diagnostics/findings/finding.ts'
import type { Location, RelatedLocation } from '../../diagnostics/location.ts'
import { addressOf } from '../../model/address.ts'
import type { Declared, Kind, ObjectOf } from '../../model/topology.ts'
import type { LintContext } from './lint-context.ts'

export type LintSeverity = 'error' | 'warning'

/** The subjects of rules. Those of `policy` are off until a config configures them. */
export type RuleGroup = 'routing' | 'loss' | 'rights' | 'versions' | 'policy' | 'ignores'

/** What a rule says about itself. Its page is `docs/rules/<id>.md`. */
export interface RuleText {
  readonly id: string
  readonly group: RuleGroup
  /** Unless a config sets another one. */
  readonly severity: LintSeverity | 'off'
  /** What its findings mean, in one sentence. */
  readonly meaning: string
  /** What to do about them, in one sentence. */
  readonly remedy: string
}

/** The page of a rule, from the root of the project. */
export function pageOf(rule: string): string {
  return `docs/rules/${rule}.md`
}

/** The options of a rule, as a config gives them and its schema has checked them. */
export type RuleOptions = Readonly<Record<string, unknown>>

/** A rule: a pure function of what is linted. */
export interface Rule extends RuleText {
  /** Warnings about the files that become findings of this rule as they are. */
  readonly adopts?: readonly FindingCode[]
  /** Warnings about the files that are not reported, since the rule finds the same and more. */
  readonly replaces?: readonly FindingCode[]
  check(context: LintContext, options: RuleOptions): Iterable<Violation>
}

/** A change of a file that ends a finding and leaves the behavior of the topology as it is. */
export interface Fix {
  readonly edit: FixEdit
  /** Continues "fixed: ", such as `removed the comment`. */
  readonly done: string
}

/** What is changed at the location of the finding. */
export type FixEdit =
  /** Removes the item of a list. */
  | { readonly kind: 'remove-item' }
  /** Removes the line of a comment. */
  | { readonly kind: 'remove-comment' }
  /** Writes another text for a key. */
  | { readonly kind: 'replace'; readonly key: string; readonly from: string; readonly to: string }

/** What a rule finds. */
export interface Violation {
  /** Absent where people have to decide. */
  readonly fix?: Fix
  readonly message: string
  readonly hint?: string
  /** The object that it is about. */
  readonly address?: string
  /** Absent for objects of a live broker. */
  readonly location?: Location
  readonly related?: readonly RelatedLocation[]
}

/** A violation about an object, at the place where it is declared. */
export function about<K extends Kind>(kind: K, object: ObjectOf[K], message: string, hint?: string): Violation {
  const { origin } = object as Declared
  return {
    address: addressOf(kind, object),
    message,
    ...(hint !== undefined && { hint }),
    ...(origin && { location: origin }),
  }
}

/** A violation about a publication or a subscription, which have no address. */
export function aboutRoute(route: { readonly origin?: Location }, message: string, hint?: string): Violation {
  return { message, ...(hint !== undefined && { hint }), ...(route.origin && { location: route.origin }) }
}
