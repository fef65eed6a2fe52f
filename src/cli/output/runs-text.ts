import type { RunResult } from '../../render/result/command-result.ts'
import type { Style } from '../../render/words/style.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Io } from './io.ts'
import { renderRun } from './render-result.ts'

/** The result of one of several runs; without an exit code if it was skipped. */
export type EndedRun = RunResult & { readonly project: string; readonly exitCode?: ExitCode }

/** The results of several runs, in the order of the runs. */
export interface EndedRuns {
  readonly command: string
  readonly runs: readonly EndedRun[]
  /** The common digest of all plans; absent if a plan is missing. */
  readonly digest?: string
}

/** Each plan with its report, followed by the table of all runs. */
export async function runsText(ended: EndedRuns, style: Style, io: Io): Promise<string> {
  const texts: string[] = []
  const { listedOnce } = await import('../../render/survey/listed-once.ts')
  for (const run of listedOnce(ended.runs)) {
    if (run.plan) texts.push(await renderRun(ended.command, run, 'text', style, io.secrets))
  }
  const { runsTable } = await import('../../render/text/runs-table.ts')
  return `${[...texts, runsTable(ended.runs)].join('\n')}\n${digestText(ended, style)}`
}

/** The line with the common digest of all runs; empty if one has no plan. */
export function digestText({ digest }: Pick<EndedRuns, 'digest'>, style: Style): string {
  return digest === undefined ? '' : `${style.strong('Digest')}   ${digest} of all runs\n`
}
