import { isUtf8 } from 'node:buffer'
import type { PeekReport } from '../../operate/dead-letters/reports.ts'

/** The result of a command on dead letters as JSON, for programs. */
export function deadLettersJson(report: object): string {
  return `${JSON.stringify({ format: 1, ...report }, undefined, 2)}\n`
}

/** Dead letters as JSON; a body is text if it is UTF-8, and base64 otherwise. */
export function peekJson({ letters, ...about }: PeekReport): string {
  return deadLettersJson({
    ...about,
    letters: letters.map(({ body, ...letter }) => ({ ...letter, ...(body && { body: bodyJson(body) }) })),
  })
}

function bodyJson(body: Buffer): { readonly text: string } | { readonly base64: string } {
  return isUtf8(body) ? { text: body.toString('utf8') } : { base64: body.toString('base64') }
}
