import { styleFor, type Style } from '../render/style.ts'

/** The side effects of a command: its two outputs and its terminal. */
export interface Io {
  /** The result of the command. */
  readonly out: (text: string) => void
  /** Everything else: warnings, progress, questions, errors. */
  readonly err: (text: string) => void
  readonly outStyle: Style
  readonly errStyle: Style
  /** Whether a person can be asked. */
  readonly interactive: boolean
  /** Whether progress can be drawn over itself. */
  readonly errIsTerminal: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The names of those variables that were read from `.env`. Default: none. */
  readonly fileVariables?: ReadonlySet<string>
}

/** The outputs, the terminal and the variables of this process. */
export function processIo({ environment, fileVariables }: Pick<Io, 'environment' | 'fileVariables'>): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outStyle: styleFor(showsColour(process.stdout, environment)),
    errStyle: styleFor(showsColour(process.stderr, environment)),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    errIsTerminal: process.stderr.isTTY && environment['TERM'] !== 'dumb',
    environment,
    ...(fileVariables && { fileVariables }),
  }
}

/** NO_COLOR (no-color.org) beats FORCE_COLOR (force-color.org), which beats what the stream is. */
function showsColour(stream: { readonly isTTY?: boolean }, environment: Io['environment']): boolean {
  if (environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}
