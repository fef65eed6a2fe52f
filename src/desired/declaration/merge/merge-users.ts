import { finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import { isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { USER_SETTINGS } from '../sections.ts'
import type { VhostTree } from './vhost-tree.ts'

/** A user as one document declares it. */
interface DeclaredUser {
  readonly value: Tree
  readonly place: Place
}

/**
 * Merges the declarations of a user in two documents of one vhost: one may set its properties, the other its rights.
 */
export function mergeUsers(name: string, first: DeclaredUser, second: DeclaredUser, run: Run): Tree {
  if (second.value === null) return first.value
  if (first.value === null) return second.value
  if (!isTable(first.value) || !isTable(second.value)) return isTable(first.value) ? second.value : first.value
  const merged: Table = Object.assign(newTable(), first.value)
  const spots = new Map<string | number, Spot>(run.places.spots(first.value))
  if (setsUser(first.value) && setsUser(second.value)) reportSetTwice(name, second.place, first.place, run)
  for (const [key, spot] of run.places.spots(second.value)) {
    const property = String(key)
    const value = second.value[property]
    const firstSpot = spots.get(property)
    if (value === undefined) continue
    if (firstSpot === undefined) {
      merged[property] = value
      spots.set(property, spot)
    } else if (!USER_SETTINGS.some((each) => each === property) && merged[property] !== value) {
      const related = [{ label: 'declared first', location: locationOf(firstSpot.key) }]
      const what = `${property} of the user ${JSON.stringify(name)}`
      run.report(finding('declared-twice', { what }, locationOf(spot.key), related))
    }
  }
  run.places.recordSpots(merged, run.places.own(first.value), spots)
  run.references.carry(second.value, merged)
  run.references.carry(first.value, merged)
  return merged
}

/** Reports users whose password, tags or limits are set in more than one vhost. */
export function checkUsersAcrossVhosts(trees: readonly VhostTree[], run: Run): void {
  const setAt = new Map<string, Place>()
  for (const { root } of trees) {
    const users = root['users']
    if (!isTable(users)) continue
    for (const [name, user] of Object.entries(users)) {
      const place = run.places.spot(users, name)?.key
      if (!place || !isTable(user) || !setsUser(user)) continue
      const first = setAt.get(name)
      if (first) reportSetTwice(name, place, first, run)
      else setAt.set(name, place)
    }
  }
}

function setsUser(user: Table): boolean {
  return USER_SETTINGS.some((property) => property in user)
}

function reportSetTwice(user: string, place: Place, first: Place, run: Run): void {
  const related = [{ label: 'set first', location: locationOf(first) }]
  run.report(finding('user-set-twice', { user }, locationOf(place), related))
}
