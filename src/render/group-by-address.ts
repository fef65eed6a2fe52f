/**
 * Groups items by address, in the order of the first item of each group. Like `Map.groupBy`, which Node.js supports
 * from 21 on.
 */
export function groupByAddress<T extends { readonly address: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.address)
    if (group) group.push(item)
    else groups.set(item.address, [item])
  }
  return groups
}
