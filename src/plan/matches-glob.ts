/**
 * Whether an address matches a glob: `*` stands for any text, `/` included, and every other character for itself, since
 * addresses may hold all that is special in other globs. Case counts.
 */
export function matchesGlob(address: string, glob: string): boolean {
  const pattern = glob
    .split('*')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${pattern}$`, 's').test(address)
}
