import type { DoctorSeverity, Symptom } from '../../operate/doctor/check.ts'
import type { Checkup } from '../../operate/doctor/checkup.ts'
import { sourceText } from '../survey/survey-words.ts'
import { labeledLine } from '../words/labeled-line.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'
import * as words from './checkup-words.ts'

/** A checkup for people. */
export function checkupText(checkup: Checkup, style: Style): string {
  const head = (label: string, text: string) => labeledLine(label, text, style)
  const found = checkup.checks.flatMap(({ check, symptoms }) => symptoms.map((symptom) => ({ check, symptom })))
  const unknown = words.unknownLines(checkup)
  const fine = words.checksOf(checkup, 'ok')
  return [
    head('Broker', sourceText(checkup)),
    head('Scope', words.scopeText(checkup)),
    head('Sample', words.sampleText(checkup)),
    head('Found', words.foundText(checkup)),
    ...words.SEVERITIES.flatMap((severity) =>
      found
        .filter(({ symptom }) => symptom.severity === severity)
        .flatMap(({ check, symptom }) => ['', ...symptomText(check, symptom, style)]),
    ),
    ...(unknown.length === 0 ? [] : ['', style.strong('Unknown'), ...unknown.map((line) => `  ${line}`)]),
    ...(fine.length === 0 ? [] : ['', head('Fine', fine.join(', '))]),
    '',
  ].join('\n')
}

function symptomText(check: string, { severity, address, subject, message, advice }: Symptom, style: Style): string[] {
  const about = address ?? (subject === undefined ? undefined : showText(subject))
  return [
    `${colored(severity, style)(severity)}  ${style.strong(check)}${about === undefined ? '' : `  ${about}`}`,
    `  ${message}`,
    style.faint(`  ${advice}`),
  ]
}

function colored(severity: DoctorSeverity, style: Style): (text: string) => string {
  switch (severity) {
    case 'error':
      return style.remove
    case 'warning':
      return style.warn
    case 'notice':
      return style.faint
  }
}
