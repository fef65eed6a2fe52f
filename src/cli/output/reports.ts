import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { type Style, styleFor } from '../../render/words/style.ts'
import { type Format, FORMATS } from '../options/formats.ts'
import { oneOf } from '../options/one-of.ts'
import { notOfForm } from '../options/usage-error.ts'
import { attemptEach } from './attempt-each.ts'
import { failedRun } from './failed-run.ts'
import type { Io } from './io.ts'
import { renderRun } from './render-result.ts'
import { READABLE } from './write-file-to.ts'

/** The options for rendering a result, as commander returns them. */
export interface ReportFlags {
  readonly format: string
  readonly report?: readonly string[]
}

/** A destination of a command's result: standard output in the format of `--format`, or the file of a `--report`. */
export interface Output {
  readonly format: Format
  /** `-` for standard output. */
  readonly path: string
  readonly style: Style
  readonly write: (text: string) => void
}

/** Renders a result in a format. */
export type RenderResult = (format: Format, style: Style) => Promise<string>

/** Renders the error of a command in a format, unless the error is the whole result. */
export type RenderFailure = (error: unknown, format: Format) => Promise<string | undefined>

/** Whether an output is standard output. */
export function isStdout({ path }: Output): boolean {
  return path === '-'
}

/**
 * Reads `--format FORMAT` and each `--report FORMAT=PATH`.
 *
 * @param formats the formats of the command. Default: all
 */
export function readOutputs(
  { format, report = [] }: ReportFlags,
  io: Io,
  formats: readonly Format[] = FORMATS,
): readonly Output[] {
  return [
    { format: oneOf('--format', format, formats), path: '-', style: io.outStyle, write: io.out },
    ...report.map((text) => readReport(text, io, formats)),
  ]
}

function readReport(text: string, io: Io, formats: readonly Format[]): Output {
  const [, format, path] = /^([a-z]+)=(.+)$/s.exec(text) ?? []
  if (format === undefined || path === undefined) {
    throw notOfForm('--report', 'FORMAT=PATH', '--report json=report.json')
  }
  return {
    format: oneOf('--report', format, formats),
    path,
    style: styleFor(false),
    write: streamAt(path, io) ?? ((written) => writeReport(path, written, io)),
  }
}

/**
 * The stream of the process for a path. Opening the path would fail if the stream is a socket, as in some CI systems.
 */
function streamAt(path: string, io: Io): ((text: string) => void) | undefined {
  if (path === '/dev/stdout' || path === '/dev/fd/1') return io.out
  return path === '/dev/stderr' || path === '/dev/fd/2' ? io.err : undefined
}

function writeReport(path: string, written: string, io: Io): void {
  const text = isJobSummary(path, io) ? earlierSummary(path) + written : written
  io.file('--report', path, text, READABLE)
}

/** The steps of a job share the file of GitHub's job summary, so each step appends to it. */
function isJobSummary(path: string, { environment }: Io): boolean {
  return path === environment['GITHUB_STEP_SUMMARY']
}

function earlierSummary(path: string): string {
  try {
    return readRegularFileSync(path, 'data').toString('utf8')
  } catch {
    return ''
  }
}

/**
 * Runs a command and writes its result to all outputs, also after a failure. If there is no result, the outputs
 * contain the error, except for text on standard output, because the error is already on standard error.
 *
 * @param renderFailure renders the error itself in some formats. Default: the error is the whole result
 */
export async function withOutputs<T>(
  command: string,
  outputs: readonly Output[],
  io: Io,
  run: (write: (render: RenderResult) => Promise<void>) => Promise<T>,
  renderFailure?: RenderFailure,
): Promise<T> {
  let written = false
  const write = async (render: RenderResult) => {
    written = true
    await attemptEach(
      outputs.map((output) => async () => {
        output.write(await render(output.format, output.style))
      }),
    )
  }
  try {
    return await run(write)
  } catch (error) {
    if (!written) await writeFailure(command, outputs, error, io, renderFailure)
    throw error
  }
}

/** Writes the error of a run without a result to all outputs that can be written. */
export async function writeFailure(
  command: string,
  outputs: readonly Output[],
  error: unknown,
  io: Io,
  renderFailure?: RenderFailure,
): Promise<void> {
  const run = failedRun(error)
  for (const output of outputs) {
    if (isStdout(output) && (output.format === 'text' || output.format === 'diff')) continue
    try {
      const own = await renderFailure?.(error, output.format)
      output.write(own ?? (await renderRun(command, run, output.format, output.style, io.secrets)))
    } catch {
      // The user needs to see why the run itself failed.
    }
  }
}
