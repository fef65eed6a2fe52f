import { onOneLine } from './text/shown-text.ts'

/** A position in a file of the user: of a finding, or of the declaration of an object. */
export interface Location {
  /** The path of the file as given, or as found in a given folder. */
  readonly file: string
  /** First line is 1. */
  readonly line: number
  /** First column is 1, counted in UTF-16 code units as editors do. */
  readonly column: number
  /** The number of characters on its line; 1 if unknown. */
  readonly length?: number
}

/** `file:line:column`, which terminals and editors turn into a link. */
export function formatLocation({ file, line, column }: Location): string {
  return `${onOneLine(file)}:${line}:${column}`
}

/** Orders locations by file, line and column. No location comes first. */
export function compareLocations(a: Location | undefined, b: Location | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

/** A location related to another one: an object that inherits from it, or an instance of a repeated declaration. */
export interface RelatedLocation {
  readonly label: string
  readonly location: Location
}

// Stored separately, so that the locations of declared objects contain only positions.
const USES = new WeakMap<Location, readonly RelatedLocation[]>()

/** Records the users of a location's content; every finding about it names them. */
export function withUses(location: Location, uses: readonly RelatedLocation[]): Location {
  USES.set(location, uses)
  return location
}

const INHERITING = new WeakSet<Location>()

/** Records that an object at a location inherits from a template or from defaults. */
export function withInheritance(location: Location): Location {
  INHERITING.add(location)
  return location
}

/** The locations of the objects that inherit the content of a location. */
export function inheritorsOf(location: Location): readonly Location[] {
  return usesOf(location).flatMap(({ location: each }) => (INHERITING.has(each) ? each : []))
}

// The instances of `forEach` at one location.
const INSTANCES = new WeakMap<Location, readonly string[]>()

/** Records the values of `forEach` for an object at a location, those of the document first. */
export function withInstance(location: Location, instance: readonly string[]): Location {
  INSTANCES.set(location, instance)
  return location
}

/** The values of `forEach` for an object at a location; empty if nothing is repeated. */
export function instanceOf(location: Location | undefined): readonly string[] {
  return (location && INSTANCES.get(location)) ?? []
}

/** The users of a location's content. */
export function usesOf(location: Location | undefined): readonly RelatedLocation[] {
  return (location && USES.get(location)) ?? []
}
