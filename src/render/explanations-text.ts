import type { RuleExplanation } from '../diagnostics/explanations/explanation.ts'
import type { Style } from './words/style.ts'
import { type ResultFormatOptions, styleOf } from './formats/format-options.ts'

/**
 * The kind of a code: an error, a finding that stops a run, a warning, the block of a plan, a note on it, another remark, or a
 * rule of `lint` or of `breaking`.
 */
export type ExplanationKind = 'error' | 'finding' | 'warning' | 'block' | 'note' | 'remark' | 'lint' | 'breaking'

/** The meaning and the remedy of a code. */
export interface Explanation extends RuleExplanation {
  readonly code: string
  readonly kind: ExplanationKind
  /** Its heading in docs/reference/errors.md, or that of its rule in docs/rules. */
  readonly topic: string
  /** The usual cause; absent for a rule. */
  readonly cause?: string
  /** The path of the page about a lint rule, including rules that decide about a warning or a note. */
  readonly page?: string
  /** The exit code of a command that stops because of it; absent if the command continues. */
  readonly exitCode?: number
  /** A topology that has this finding. */
  readonly example?: string
}

/** Prints the explanations of one code in full, and those of several codes as a list with a line each. */
export function explanationsText(explanations: readonly Explanation[], style: Style): string {
  const codes = new Set(explanations.map(({ code }) => code))
  return codes.size === 1
    ? explanations.map((each) => inFull(each, style)).join('\n')
    : list(explanations, Math.max(...[...codes].map((code) => code.length)), style)
}

const KINDS: Readonly<Record<ExplanationKind, string>> = {
  error: 'error',
  finding: 'finding that stops a run',
  warning: 'warning',
  block: 'block of a plan',
  note: 'note on a plan',
  remark: 'remark on a plan or a run',
  lint: 'rule of warren lint',
  breaking: 'rule of warren breaking',
}

function inFull({ kind, exitCode, example, ...explanation }: Explanation, style: Style): string {
  const { code, meaning, cause, remedy, page } = explanation
  return [
    `${style.strong(code)}  ${KINDS[kind]}${exitCode === undefined ? '' : `, exit code ${exitCode}`}`,
    '',
    `  ${meaning}`,
    '',
    ...(cause === undefined ? [] : [`  Usual cause  ${cause}`]),
    `  Remedy       ${remedy}`,
    ...(page === undefined ? [] : [`  Page         ${page}`]),
    ...(example === undefined ? [] : ['', '  Example', ...example.split('\n').map((line) => `    ${line}`.trimEnd())]),
    '',
  ].join('\n')
}

function list(explanations: readonly Explanation[], width: number, style: Style): string {
  const topics = new Set(explanations.map(({ topic }) => topic))
  return [...topics]
    .map((topic) => [
      style.strong(topic),
      ...explanations
        .filter((each) => each.topic === topic)
        .map(({ code, meaning }) => `  ${code.padEnd(width)}  ${meaning}`),
      '',
    ])
    .map((lines) => lines.join('\n'))
    .join('\n')
}

/** Formats the result of `explain`: the explanation of one code in full, the list of all codes with a line each. */
export function formatExplanations(explanations: readonly Explanation[], options: ResultFormatOptions = {}): string {
  if (options.format === 'json') return `${JSON.stringify({ format: 1, explanations }, undefined, 2)}\n`
  return explanationsText(explanations, styleOf(options))
}
