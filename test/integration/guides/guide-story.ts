/** The steps of a guide, from its top to its end. */
export type Part =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'broker'; readonly what: string }
  | { readonly kind: 'command'; readonly args: readonly string[]; readonly code: number; readonly output: string }

const PARTS =
  /<!-- (?<kind>file|broker): (?<what>.*?) -->(?:\n\n```yaml\n(?<yaml>[^]*?)```)?|```console\n(?<console>[^]*?)```/g

/** The parts of a guide: its files, events on the broker in between, and its commands with their output. */
export function partsOf(guide: string): Part[] {
  return [...guide.matchAll(PARTS)].flatMap(({ groups = {} }): Part[] => {
    const { kind, what = '', yaml, console: block } = groups
    if (block !== undefined) return commandsOf(block)
    if (kind === 'broker') return [{ kind, what }]
    return [{ kind: 'file', name: what, text: String(yaml) }]
  })
}

function commandsOf(block: string): Part[] {
  return block
    .split(/^(?=\$ )/m)
    .filter((text) => text.startsWith('$ '))
    .map((text) => {
      const [, line = '', code = '0', output = ''] =
        /^\$ npx warren ([^\n#]*?)(?: # exits with (\d+))?\n([^]*)$/.exec(text) ?? []
      return { kind: 'command', args: line.split(' '), code: Number(code), output: output.trim() }
    })
}

/** Masks values that differ on every broker and in every run. */
export function plain(text: string): string {
  return (
    text
      .replaceAll(/^Broker .*$/gm, 'Broker')
      .replaceAll(/digest [0-9a-f]{8}…/g, 'digest')
      .replaceAll(/^Digest .*$/gm, 'Digest')
      // In other tests, a project of the same name has virtual hosts.
      .replaceAll(/^Elsewhere .*\n/gm, '')
      .replaceAll(/has the digest [0-9a-f]{64}/g, 'has the digest')
      .trim()
  )
}
