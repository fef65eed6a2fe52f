/**
 * Makes a path of the management API. Every segment is encoded, so that `/` in a name stays in the name.
 *
 * Names `.` and `..` cannot be addressed, since the broker removes dot segments after decoding: they are
 * refused here too, so that a request never reaches the parent of what was meant.
 */
export function apiPath(...segments: readonly string[]): string {
  return `/api/${segments.map(encodeSegment).join('/')}`
}

function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw new RangeError(`the management API cannot address the name ${JSON.stringify(segment)}`)
  }
  return encodeURIComponent(segment)
}
