import type { Location } from '../diagnostics/location.ts'
import type { SourceText } from './source-text.ts'

/** A part of a file. */
export interface Place {
  readonly source: SourceText
  readonly start: number
  readonly end: number
}

/** Where an entry of a table or an item of a list stands; an item has no key, so both are the same. */
export interface Spot {
  readonly key: Place
  readonly value: Place
}

/**
 * Where the entries of a container of one file stand: for a table four offsets for each key (start and end of
 * key and value), for a list two for each item. Numbers in a row, since a big topology has millions of them.
 */
export interface Offsets {
  readonly own: Place
  /** Absent for a list. */
  readonly keys?: readonly string[]
  readonly offsets: readonly number[]
}

/** Where each value of the read documents stands, beside the values, which stay plain data. */
export class Places {
  readonly #offsets = new Map<object, Offsets>()
  readonly #spots = new Map<object, ReadonlyMap<string | number, Spot>>()
  readonly #own = new Map<object, Place>()

  /** Notes the places of a container that stands in one file. */
  record(container: object, offsets: Offsets): void {
    this.#offsets.set(container, offsets)
  }

  /** Notes the places of a container that was put together from several. */
  recordSpots(container: object, own: Place, spots: ReadonlyMap<string | number, Spot>): void {
    this.#own.set(container, own)
    this.#spots.set(container, spots)
  }

  /** The place of the whole container. */
  own(container: object): Place {
    const place = this.#own.get(container) ?? this.#offsets.get(container)?.own
    if (!place) throw new Error('a value that no file holds has no place')
    return place
  }

  /** Where an entry or an item stands; undefined when there is none. */
  spot(container: object, key: string | number): Spot | undefined {
    return this.spots(container).get(key)
  }

  /** All spots of a container, by key or index. */
  spots(container: object): ReadonlyMap<string | number, Spot> {
    const known = this.#spots.get(container)
    if (known) return known
    const offsets = this.#offsets.get(container)
    if (!offsets) throw new Error('a value that no file holds has no place')
    const spots = spotsOf(offsets)
    this.#spots.set(container, spots)
    return spots
  }

  /** The location of an entry, of its value, or of the whole container without a key. */
  readonly locate = (container: object, key?: string | number, part: 'key' | 'value' = 'key'): Location => {
    const spot = key === undefined ? undefined : this.spot(container, key)
    return locationOf(spot ? spot[part] : this.own(container))
  }
}

export function locationOf({ source, start, end }: Place): Location {
  return source.locate(start, end)
}

function spotsOf({ own: { source }, keys, offsets }: Offsets): Map<string | number, Spot> {
  const spots = new Map<string | number, Spot>()
  const at = (index: number): Place => ({ source, start: offsets[index] ?? 0, end: offsets[index + 1] ?? 0 })
  if (keys) {
    keys.forEach((key, index) => spots.set(key, { key: at(index * 4), value: at(index * 4 + 2) }))
  } else {
    for (let index = 0; index * 2 < offsets.length; index++) {
      const place = at(index * 2)
      spots.set(index, { key: place, value: place })
    }
  }
  return spots
}
