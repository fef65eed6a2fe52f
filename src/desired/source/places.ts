import { withInheritance, withInstance, withUses, type Location } from '../../diagnostics/location.ts'
import type { SourceText } from './source-text.ts'

/** A part of a file. */
export interface Place {
  readonly source: SourceText
  readonly start: number
  readonly end: number
  /** The users of this content, if they are not at the same position, see `Use`. */
  readonly uses?: readonly Use[]
}

/** An object that inherits from a template, or the instance of a repeated declaration. */
export interface Use {
  /** Such as `used by the queue "email"`. */
  readonly label: string
  readonly place: Place
  /** The source of the inheritance, such as `template "worker"`. */
  readonly inherited?: string
  /** The values of `forEach` for this instance, those of the header first. */
  readonly instance?: readonly string[]
}

/** The position of an entry of a table or an item of a list. An item has no key, so both positions are the same. */
export interface Spot {
  readonly key: Place
  readonly value: Place
}

/**
 * The positions in a container of one file: for a table, four offsets for each key (start and end of key and value);
 * for a list, two for each item. They are plain numbers in one array, because a large topology has millions of them.
 */
export interface Offsets {
  /** The file, and the offsets of the container itself. */
  readonly source: SourceText
  readonly start: number
  readonly end: number
  /** Absent for a list. */
  readonly keys?: readonly string[]
  readonly offsets: readonly number[]
}

/** In tables with at most this number of keys, keys are searched one by one. */
const MOST_TO_SEARCH = 16

/** The position of each value of the documents, stored separately, so that the values remain plain data. */
export class Places {
  readonly #offsets = new Map<object, Offsets>()
  readonly #spots = new Map<object, ReadonlyMap<string | number, Spot>>()
  readonly #own = new Map<object, Place>()
  readonly #copies = new Map<object, { readonly of: object; readonly use: Use | undefined }>()

  /** The number of containers with recorded positions, which is the cost of reading and expanding. */
  get count(): number {
    return this.#offsets.size + this.#own.size + this.#copies.size
  }

  /** Records the positions in a container of one file. */
  record(container: object, offsets: Offsets): void {
    this.#offsets.set(container, offsets)
  }

  /** Records the positions of a container that was made from several others. */
  recordSpots(container: object, own: Place, spots: ReadonlyMap<string | number, Spot>): void {
    this.#own.set(container, own)
    this.#spots.set(container, spots)
  }

  /** Records that a container has the same entries as another one, and its user. */
  recordCopy(copy: object, of: object, use?: Use): void {
    this.#copies.set(copy, { of, use })
  }

  /** The position of the whole container. */
  own(container: object): Place {
    const copied = this.#copies.get(container)
    if (copied) return usedBy(this.own(copied.of), copied.use)
    const place = this.#own.get(container)
    if (place) return place
    const { source, start, end } = this.#offsetsOf(container)
    return { source, start, end }
  }

  /** The position of an entry or an item; undefined if it does not exist. */
  spot(container: object, key: string | number): Spot | undefined {
    const known = this.#spots.get(container)
    if (known) return known.get(key)
    const copied = this.#copies.get(container)
    if (copied) {
      const spot = this.spot(copied.of, key)
      return spot && spotUsedBy(spot, copied.use)
    }
    const offsets = this.#offsetsOf(container)
    // Most containers are small and used once, so building an index would take longer than searching for the key.
    const count = offsets.keys?.length ?? 0
    return count > MOST_TO_SEARCH ? this.spots(container).get(key) : spotIn(offsets, key)
  }

  /** All spots of a container, by key or index. */
  spots(container: object): ReadonlyMap<string | number, Spot> {
    const known = this.#spots.get(container)
    if (known) return known
    const copied = this.#copies.get(container)
    if (copied) {
      const { of, use } = copied
      return new Map(Array.from(this.spots(of), ([key, spot]) => [key, spotUsedBy(spot, use)]))
    }
    const spots = spotsOf(this.#offsetsOf(container))
    this.#spots.set(container, spots)
    return spots
  }

  #offsetsOf(container: object): Offsets {
    const offsets = this.#offsets.get(container)
    if (!offsets) throw new Error('a value that no file holds has no place')
    return offsets
  }

  /** The location of an entry or of its value; without a key, that of the whole container. */
  readonly locate = (container: object, key?: string | number, part: 'key' | 'value' = 'key'): Location => {
    const spot = key === undefined ? undefined : this.spot(container, key)
    return locationOf(spot ? spot[part] : this.own(container))
  }
}

export function locationOf({ source, start, end, uses }: Place): Location {
  const location = source.locate(start, end)
  if (!uses) return location
  const instance = instanceAt({ source, start, end, uses })
  if (instance.length > 0) withInstance(location, instance)
  return withUses(
    location,
    uses.map(({ label, place, inherited }) => ({
      label,
      location: inherited === undefined ? locationOf(place) : withInheritance(locationOf(place)),
    })),
  )
}

/** The values of `forEach` for the content of a position. */
export function instanceAt({ uses = [] }: Place): readonly string[] {
  return uses.find((use) => use.instance !== undefined)?.instance ?? []
}

/** The position with an additional use. */
export function usedBy(place: Place, use: Use | undefined): Place {
  return use ? { ...place, uses: [...(place.uses ?? []), use] } : place
}

/** The spot with an additional use. */
export function spotUsedBy({ key, value }: Spot, use: Use | undefined): Spot {
  return { key: usedBy(key, use), value: usedBy(value, use) }
}

/** Whether a code frame masks a part of this position, so that no message may quote it. */
export function touchesSecret({ source, start, end }: Place): boolean {
  return source.touchesSecret(start, end)
}

function spotsOf(offsets: Offsets): Map<string | number, Spot> {
  const spots = new Map<string | number, Spot>()
  if (offsets.keys) offsets.keys.forEach((key, index) => spots.set(key, entryAt(offsets, index)))
  else for (let index = 0; index * 2 < offsets.offsets.length; index++) spots.set(index, itemAt(offsets, index))
  return spots
}

function spotIn(offsets: Offsets, key: string | number): Spot | undefined {
  if (offsets.keys) {
    const index = offsets.keys.findIndex((each) => each === key)
    return index < 0 ? undefined : entryAt(offsets, index)
  }
  const isItem = typeof key === 'number' && key >= 0 && key * 2 < offsets.offsets.length
  return isItem ? itemAt(offsets, key) : undefined
}

function entryAt(offsets: Offsets, index: number): Spot {
  return { key: placeAt(offsets, index * 4), value: placeAt(offsets, index * 4 + 2) }
}

function itemAt(offsets: Offsets, index: number): Spot {
  const place = placeAt(offsets, index * 2)
  return { key: place, value: place }
}

function placeAt({ source, offsets }: Offsets, at: number): Place {
  return { source, start: offsets[at] ?? 0, end: offsets[at + 1] ?? 0 }
}
