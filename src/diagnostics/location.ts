import { onOneLine } from './text/shown-text.ts'

/** A place in a file of the user: where a finding points, and where a declared object comes from. */
export interface Location {
  /** The file's path as the user gave it or as it was found below a given folder. */
  readonly file: string
  /** First line is 1. */
  readonly line: number
  /** First column is 1, counted in UTF-16 code units as editors do. */
  readonly column: number
  /** How many characters the place spans on its line; 1 when unknown. */
  readonly length?: number
}

/** `file:line:column`, which terminals and editors turn into a link. */
export function formatLocation({ file, line, column }: Location): string {
  return `${onOneLine(file)}:${line}:${column}`
}

/** What has to do with a place: an object that inherits from it, or the instance that it was filled in for. */
export interface RelatedLocation {
  readonly label: string
  readonly location: Location
}

// Beside the locations, so that those of declared objects stay places and nothing else.
const USES = new WeakMap<Location, readonly RelatedLocation[]>()

/** Notes who uses the content of a location; every finding about it names them. */
export function withUses(location: Location, uses: readonly RelatedLocation[]): Location {
  USES.set(location, uses)
  return location
}

const INHERITING = new WeakSet<Location>()

/** Notes that an object at a location inherits what it uses, from a template or from defaults. */
export function withInheritance(location: Location): Location {
  INHERITING.add(location)
  return location
}

/** The places of the objects that inherit the content of a location. */
export function inheritorsOf(location: Location): readonly Location[] {
  return usesOf(location).flatMap(({ location: each }) => (INHERITING.has(each) ? each : []))
}

// The instances that `forEach` fills in at one place.
const INSTANCES = new WeakMap<Location, readonly string[]>()

/** Notes for which values of `forEach` an object at a location was filled in, those of the document first. */
export function withInstance(location: Location, instance: readonly string[]): Location {
  INSTANCES.set(location, instance)
  return location
}

/** For which values of `forEach` an object at a location was filled in; empty where nothing is repeated. */
export function instanceOf(location: Location | undefined): readonly string[] {
  return (location && INSTANCES.get(location)) ?? []
}

/** Who uses the content of a location. */
export function usesOf(location: Location | undefined): readonly RelatedLocation[] {
  return (location && USES.get(location)) ?? []
}
