import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/**
 * Phrases that a reader has to decode, each with a replacement. A phrase is here only if it is wrong in every place.
 */
const PHRASES: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\b(?:is|are|was|were|be) told\b/, 'is reported, is asked'],
  [/\b(?:nobody's|somebody else's|of somebody else)\b/, 'not owned by any project, owned by another project'],
  [/(?<!\b[Tt]here )\bis no \w+ of\b/, 'is not a … of'],
  [/\bno \w+ is there\b/, 'there is no …'],
  [/\bwhat (?:is there|there is)\b/, 'existing objects, the live object'],
  [/\b(?:is|are|be|was|were) made again\b|\bmakes? (?:it|them) again\b/, 'is recreated'],
  [/\banew\b/, 'again, a new …, is recreated'],
  [/\b(?:what|which|that) stays\b(?! the same)/, 'what is kept'],
  [/\bat stake\b|\bstakes?\b/, 'at risk, impact'],
  [/\bby hand\b/, 'manually, or outside warren'],
  [/\bbe it (?:for|by|in)\b/, 'even …'],
  [
    /\bas (?:ever|told)\b|\bas it was\b(?! (?:written|found|meant|read|planned|declared)\b)/,
    'as usual, as described above, unchanged',
  ],
  [/\b(?:the )?way back\b/, 'return route'],
  [/\b(?:gives?|gave|given|hands?|handed) (?:it |them |a message |messages |the message )?back\b/, 'requeues, returns'],
  [/\b(?:worker|program|client)s?\b.{0,30}\btakes? part\b/, 'a worker written in another language'],
  [/\b(?:can|cannot|could|to) be had\b/, 'is available'],
  [/\b(?:comes?|came|coming) again\b(?! and again)/, 'is redelivered'],
  [/\bgo(?:es)? along\b/, 'is passed along, is deleted with'],
  [/\bgoing on (?:with|from|to)\b/, 'continuing'],
  [/\bit is looked\b(?! at\b)|\bis looked whether\b/, 'check whether'],
  [/\bwaits? for room\b/, 'waits for a free slot in the window'],
  [/\bwhat becomes of\b|\bbecame of\b/, 'the outcome of'],
  [/\bside by side\b/, 'concurrently, next to each other'],
  [/\btells? of\b/, 'reports'],
  [/\bnobody (?:can|could) (?:say|tell)\b/, 'is unknown'],
  [/\bas good as none\b|\bin truth\b|\bof no use\b/, 'is not usable, actually, useless'],
  [
    /\b[Ss]omebody (?:else|has|may|will|created|changed|made)\b/,
    'another client, outside warren, or the passive voice',
  ],
  [/\b[Nn]obody (?:else|owns|declared|declares|reads|knows)\b/, 'no other …, without an owner, undeclared'],
  [/\bgo(?:es)? on (?:with|in|from|when|after|again|behind|trying)\b/, 'continues'],
  [/\bbeside (?:a|the|it|its|them|others)\b/, 'next to, in addition to, compared with'],
  [/\b(?:is|was) not told\b|\btells nobody\b|\bnothing (?:in \w+ \w+ )?tells\b/i, 'does not show, is not reported'],
  [/\bwhoever\b/i, 'a person or program that …, the caller'],
  [/\b(?:left|leaves? (?:it|them|\w+)|stays?) as (?:it is|they are)\b/, 'unchanged'],
  [/\b(?:an?|the|every|each) \w+ that is there\b|\bnothing is there\b|\bis there yet\b/, 'an existing …, exists'],
  [/\b(?:failed|two|three|between) tr(?:y|ies)\b/, 'attempt, attempts'],
  [/\bcomes? here again\b|\bBeside\b/, 'returns here, in addition to'],
  [/\bis no (?:size|duration|list|table|number|time|rate|journal|record|reason|YAML)\b/, 'is not a …'],
  [/\bto whoever\b|\bNobody here\b/, 'to a person or program that …'],
  [/\bwhat came of\b|\bwhat comes (?:of|meanwhile)\b/, 'the outcome of, messages that arrive meanwhile'],
  [/\b(?:a|each|every|next|last|first|second|of|more|many|few|the) tr(?:y|ies)\b(?! to\b)/, 'attempt, attempts'],
]

/** Names that had to be explained. */
const NAMES =
  /\b(?:leaned-?[oO]n|untold|leave-?[uU]ntold|holds-?[lL]ogin|hide-?[lL]ogins|way-?[bB]ack|hand(?:ed)?Back|exceedsStake|BegunError|MakingChange|make-?[cC]hange|carry-?[oO]ut|run-?[sS]ide-?[bB]y-?[sS]ide|delete-?[gG]uarded|remember-?[bB]indings|take-?[pP]lace|tell-?[fF]indings|[a-z]+WaysBack|ConfirmWire|DeliveryView|tellClosed)\b/

const SEARCHED = /^(?:src|docs|test|bench|scripts|examples|README\.md|CONTRIBUTING\.md)/
/** The file of this list. */
const LEFT_OUT = new Set(['test/language.test.ts'])

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => SEARCHED.test(path) && /\.(?:ts|js|md)$/.test(path) && !LEFT_OUT.has(path))

describe('the language of the project', () => {
  it.each(PHRASES.map(([pattern, instead]) => ({ pattern, instead })))(
    'has no phrase like $pattern, but: $instead',
    ({ pattern }) => {
      expect(linesWith(pattern)).toEqual([])
    },
  )

  it('has no name that has to be explained', () => {
    expect(linesWith(NAMES)).toEqual([])
  })
})

function linesWith(pattern: RegExp): string[] {
  return files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  )
}
