/** `1,204`: an integer with separators of thousands. The first `toLocaleString` of a process costs 30 ms, this nothing. */
export function withCommas(integer: number): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, ',')
}
