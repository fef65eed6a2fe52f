import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** A block of code on a page, the file named above it, and the text of that file. */
export interface GuideBlock {
  readonly file: string | undefined
  readonly text: string
  readonly inFile: string | undefined
}

/** The programs and topologies that a guide shows, without commands for the shell or for a database. */
export async function guideBlocks(page: string): Promise<GuideBlock[]> {
  const guide = await readFile(join(ROOT, 'docs/how-to', page), 'utf8')
  const blocks = guide.matchAll(/(?:<!-- (test\/guides\/\S+) -->\n\n)?^```(?:ts|js|json|yaml|python)\n([^]*?)^```/gm)
  return Promise.all(
    [...blocks].map(async ([, file, text = '']) => {
      return { file, text, inFile: file && (await readFile(join(ROOT, file), 'utf8')) }
    }),
  )
}
