import { readStream } from '../../files/read-stream.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { styleFor, type Style } from '../../render/words/style.ts'

/** The side effects of the process: its two outputs and its terminal. */
export interface ProcessIo {
  /** The result of the command. */
  readonly out: (text: string) => void
  /** Everything else: warnings, progress, questions, errors. */
  readonly err: (text: string) => void
  readonly outStyle: Style
  readonly errStyle: Style
  /** Whether the command can ask a person. */
  readonly interactive: boolean
  /** Asks that person. Default: at the terminal. */
  readonly ask?: (question: string) => Promise<string>
  /** Whether progress can be redrawn in place. */
  readonly errIsTerminal: boolean
  /** Reads standard input to its end. Default: it is empty. */
  readonly readInput?: () => Promise<Uint8Array>
  readonly environment: Readonly<Record<string, string | undefined>>
  /**
   * The user of the process, on systems with users; a search may find only configs of this user. Default: any user's.
   */
  readonly userId?: number
  /** The names of the variables that were read from `.env`. Default: none. */
  readonly fileVariables?: ReadonlySet<string>
}

/**
 * The part of the process that a command uses. Everything that it writes is masked: both outputs, questions, and files.
 */
export interface Io extends ProcessIo {
  /** The secrets of this run. Code that learns a secret registers it, and no other code has to mask it. */
  readonly secrets: SecretRegistry
  readonly ask: (question: string) => Promise<string>
  /** Reads standard input to its end, once; later calls return the same bytes. */
  readonly readInput: () => Promise<Uint8Array>
  /** Writes a file that an option names, see `writeFileTo`. Like both outputs, it masks all registered secrets. */
  readonly file: (option: string, path: string, text: string, mode?: number) => void
  /**
   * Writes a result unmasked: the login of a broker that `warren broker start` has created, text that was read from
   * standard input, or text whose data is already masked.
   */
  readonly reveal: (text: string) => void
  /**
   * Writes a file unmasked. Either the file already contains the same in another form, so that its secrets are kept,
   * or the data of the text is already masked.
   */
  readonly rewrite: (path: string, text: string, mode?: number) => void
}

/** The outputs, the terminal and the variables of this process. */
export function processIo({ environment, fileVariables }: Pick<ProcessIo, 'environment' | 'fileVariables'>): ProcessIo {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outStyle: styleFor(showsColour(process.stdout, environment), columnsOf(process.stdout)),
    errStyle: styleFor(showsColour(process.stderr, environment), columnsOf(process.stderr)),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    errIsTerminal: process.stderr.isTTY && environment['TERM'] !== 'dumb',
    readInput: () => readStream(process.stdin, 'document'),
    environment,
    ...(process.getuid && { userId: process.getuid() }),
    ...(fileVariables && { fileVariables }),
  }
}

/** NO_COLOR (no-color.org) overrides FORCE_COLOR (force-color.org), which overrides the type of the stream. */
function showsColour(stream: { readonly isTTY?: boolean }, environment: Io['environment']): boolean {
  if (environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}

/** The columns of a terminal. Pagers and files have none, so their texts have the same layout everywhere. */
function columnsOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  const { isTTY, columns = 0 } = stream
  // A terminal without a set size reports 0.
  return isTTY === true && columns > 0 ? columns : undefined
}
