import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const PROJECT = resolve(import.meta.dirname, '../../..')

/**
 * Compiles several programs with the project's own settings, and returns the errors of each, with their explanations:
 * `TS2345 …`. Imports from `warren/…` resolve to the exports of this project.
 */
export async function compilePrograms(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const parent = join(PROJECT, 'node_modules', '.warren-test')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'typed-'))
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    const settings = { extends: join(PROJECT, 'tsconfig.json'), include: [join(folder, '*.ts')] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const output = await run(folder)
    const errors: Record<string, string[]> = Object.fromEntries(Object.keys(files).map((name) => [name, []]))
    for (const [, path = '', text = ''] of output.matchAll(/^(\S+?)\(\d+,\d+\): error (TS.*(?:\n {2}.*)*)$/gm)) {
      const name = Object.keys(files).find((each) => path.endsWith(`/${each}`) || path === each)
      if (name === undefined) throw new Error(`an error elsewhere: ${path}: ${text}`)
      errors[name]?.push(text)
    }
    return errors
  } finally {
    await rm(folder, { recursive: true })
  }
}

function run(folder: string): Promise<string> {
  const compiler = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc')
  return new Promise((done, failed) => {
    execFile(
      process.execPath,
      [compiler, '-p', folder, '--pretty', 'false'],
      { cwd: folder },
      (error, stdout, stderr) => {
        if (error && stdout === '') failed(new Error(stderr, { cause: error }))
        else done(stdout)
      },
    )
  })
}
