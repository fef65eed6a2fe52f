/**
 * The widths of the printable ASCII characters in Arial and Helvetica, from the space on, in thousandths of the font
 * size.
 */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
] as const

/** Characters that fill a square, such as those of Chinese and Japanese, and emoji. */
const SQUARE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\p{Extended_Pictographic}]/u
const ARROW = '→'

/**
 * Estimates the width of a string in a sans-serif font. Fonts differ, so pictures also contain the estimated width, to
 * which the browser fits the text.
 */
export function textWidth(text: string, fontSize: number): number {
  let sum = 0
  for (const character of text) sum += widthOf(character)
  return (sum * fontSize) / 1000
}

function widthOf(character: string): number {
  const known = WIDTHS[(character.codePointAt(0) ?? 0) - 32]
  if (known !== undefined) return known
  return SQUARE.test(character) || character === ARROW ? 1000 : 600
}

/** Replaces the middle of a string by an ellipsis if it is wider than the given width. */
export function shortenedText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text
  const characters = Array.from(text)
  const room = (width * 1000) / fontSize - widthOf('…')
  let [head, tail, used] = [0, 0, 0]
  // The two ends grow in turn, so that both the beginning and the end of a name can be recognized.
  while (head + tail < characters.length) {
    const isHead = head <= tail
    const next = characters[isHead ? head : characters.length - 1 - tail] ?? ''
    used += widthOf(next)
    if (used > room) break
    if (isHead) head += 1
    else tail += 1
  }
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - tail).join('')}`
}
