import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommandLine } from '../src/cli/run-command-line.ts'
import { ExitCode } from '../src/cli/exit-code.ts'
import { explainFinding as sentenceOf } from '../src/diagnostics/findings/finding.ts'
import { parseConfig } from '../src/desired/workspace/read-config.ts'
import { loadTopology } from '../src/desired/load/load-topology.ts'
import { silentProcess } from './builders/silent-io.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGES = await pages()

/** A page of the documentation: its path from the root of the project, and its text. */
interface Page {
  readonly path: string
  readonly text: string
}

async function pages(): Promise<Page[]> {
  const below = (await readdir(join(ROOT, 'docs'), { recursive: true })).map((path) => join('docs', path))
  const examples = (await readdir(join(ROOT, 'examples'))).map((name) => join('examples', name, 'README.md'))
  const paths = [
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    ...below,
    ...examples.filter((path) => existsSync(join(ROOT, path))),
  ].filter((path) => path.endsWith('.md'))
  return Promise.all(paths.toSorted().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })))
}

/**
 * The code blocks of all pages in a language. Each has the name of its page and its line, and the file that it shows,
 * if it names one.
 */
function blocks(language: string): [name: string, text: string, file: string | undefined][] {
  return PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(new RegExp(`(?:^<!-- (\\S+) -->\\n\\n)?^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
      (match): [string, string, string | undefined] => [
        `${path}:${text.slice(0, match.index).split('\n').length}`,
        String(match[2]),
        match[1],
      ],
    ),
  )
}

describe('a topology in the documentation', () => {
  it.each(blocks('yaml').filter(([, text]) => /^warren: 1/m.test(text)))('is valid: %s', async (_name, text, file) => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-docs-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    // The block may refer to files next to the file that it shows.
    if (file !== undefined) await cp(join(ROOT, dirname(file)), folder, { recursive: true })
    await writeFile(join(folder, 'topology.yaml'), text)

    const { findings } = await loadTopology({ paths: [join(folder, 'topology.yaml')], environment: {} })

    expect(findings.map((each) => `${each.location?.line}: ${sentenceOf(each).message}`)).toEqual([])
  })
})

describe('a config in the documentation', () => {
  it.each(blocks('yaml').filter(([, text]) => /^warrenConfig: 1/m.test(text)))('is valid: %s', (_name, text) => {
    const { findings } = parseConfig({ path: 'warren.config.yaml', text })

    expect(findings.map((each) => `${each.location?.line}: ${sentenceOf(each).message}`)).toEqual([])
  })
})

/** The output of `warren … --help`. */
async function help(...command: string[]): Promise<string> {
  let printed = ''
  const print = (text: string) => void (printed += text)
  const code = await runCommandLine([...command, '--help'], silentProcess({ out: print, err: print }))
  expect([code, printed]).toEqual([0, expect.stringContaining(`Usage: warren ${command.join(' ')}`.trim())])
  return printed
}

/** Every command line of warren on the pages: in shell blocks, including their comments, and in running text. */
const COMMAND_LINES = PAGES.flatMap(({ path, text }) => {
  // The output of a console may also contain "warren does not", so only its lines with a prompt are commands.
  const shell = [...text.matchAll(/^```(console|sh|yaml)\n([^]*?)^```/gm)].map(([, language, block]) =>
    language === 'console' ? String(block).replaceAll(/^(?!\$ ).*$/gm, '') : String(block),
  )
  const inline = [...text.matchAll(/`(warren [^`]+)`/g)].map(([, code]) => String(code))
  return [...shell, ...inline]
    .flatMap((each) => [...each.matchAll(/(?:^|[\s("])warren ((?:[a-z]+)(?: [^\n"`)#&|]*)?)/g)])
    .map(([, line]) => ({ path, words: String(line).trim().split(/\s+/) }))
    .filter(({ words: [first = ''] }) => /^(validate|plan|apply|compile|broker|schema|[a-z]+)$/.test(first))
})

describe('a command in the documentation', () => {
  const written = new Map(COMMAND_LINES.map((each) => [`${each.path}: warren ${each.words.join(' ')}`, each.words]))

  it.each([...written])('is a command of warren, with existing options: %s', async (_line, words) => {
    const [command = '', second = ''] = words
    const path =
      ['broker', 'dlq', 'import'].includes(command) && /^[a-z]+$/.test(second) ? [command, second] : [command]
    const known = await help(...path)

    const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/[=,.].*$/, ''))
    expect(options.filter((option) => !new RegExp(`(^|[\\s,])${option}\\b`, 'm').test(known))).toEqual([])
  })

  it('exists in a command for every option that the reference mentions alone', async () => {
    const reference = PAGES.find(({ path }) => path === 'docs/reference/command-line.md')?.text ?? ''
    const known = (
      await Promise.all([
        ...[
          'validate',
          'plan',
          'drift',
          'show',
          'apply',
          'destroy',
          'compile',
          'fmt',
          'init',
          'survey',
          'doctor',
          'export',
          'definitions',
          'lint',
          'trace',
          'graph',
          'docs',
          'breaking',
          'test',
        ].map((each) => help(each)),
        ...['definitions', 'rascal'].map((each) => help('import', each)),
        ...['list', 'peek', 'replay', 'purge'].map((each) => help('dlq', each)),
      ])
    ).join('\n')
    const options = new Set([...reference.matchAll(/`(--[a-z-]+)/g)].map(([, option]) => String(option)))

    expect([...options].filter((option) => !new RegExp(`${option}\\b`).test(known))).toEqual([])
    // The reverse: the page describes every option of a command.
    const taken = new Set([...known.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => String(option)))
    taken.delete('--help')
    expect([...taken].filter((option) => !reference.includes(option))).toEqual([])
  })
})

describe('a link in the documentation', () => {
  const links = PAGES.flatMap(({ path, text }) =>
    [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => String(target))
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ path, target })),
  )

  it.each(links)('from $path leads to $target', async ({ path, target }) => {
    const [file = '', anchor] = target.split('#')
    const full = file === '' ? join(ROOT, path) : join(ROOT, dirname(path), file)
    expect(existsSync(full)).toBe(true)
    if (anchor === undefined) return
    const headings = [...(await readFile(full, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      slugOf(String(title)),
    )
    expect(headings).toContain(anchor)
  })

  it('leads to a file in the package too', async () => {
    const { files } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { files: string[] }
    const targets = links.map(({ path, target }) =>
      relative(ROOT, join(ROOT, dirname(path), target.split('#')[0] ?? '')),
    )

    expect(targets.filter((target) => target !== '' && !files.includes(target.split('/')[0] ?? ''))).toEqual([])
  })
})

/** The anchor that GitHub gives a heading. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

describe('the exit codes', () => {
  it('are those of the reference', () => {
    const reference = PAGES.find(({ path }) => path === 'docs/reference/command-line.md')?.text ?? ''
    const table = /## Exit codes\n\n([^]*?)(?:\n\n|\n?$)/.exec(reference)?.[1] ?? ''
    const codes = [...table.matchAll(/^\| (\d[\d, ]*?) +\|/gm)].flatMap(([, each]) =>
      String(each).split(', ').map(Number),
    )

    expect(codes).toEqual(Object.values(ExitCode))
  })
})

describe('an instruction in the documentation', () => {
  it('runs only scripts that the package of its example has', async () => {
    const examples = PAGES.filter(({ path }) => path.startsWith('examples/'))
    const run = examples.flatMap(({ path, text }) =>
      [...text.matchAll(/^npm (start|test|run (\S+))/gm)].map(([, command, script]) => ({
        path,
        script: script ?? command,
      })),
    )
    expect(run.length).toBeGreaterThan(2)
    for (const { path, script } of run) {
      const { scripts } = JSON.parse(await readFile(join(ROOT, dirname(path), 'package.json'), 'utf8')) as {
        scripts: object
      }
      expect([path, Object.keys(scripts)]).toEqual([path, expect.arrayContaining([script])])
    }
  })

  it('calls the command with npx, as in an installed package', () => {
    const bare = PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(/^```(?:console|sh)\n([^]*?)^```/gm)].flatMap(([, block]) =>
        [...String(block).matchAll(/^(?:\$ |.*\$\()warren .*$/gm)].map(([line]) => `${path}: ${line}`),
      ),
    )
    expect(bare).toEqual([])
  })

  it('names the schema of topology files by its path in an installed package', async () => {
    const named = PAGES.flatMap(({ text }) => [...text.matchAll(/\$schema=(\S+)/g)].map(([, file]) => String(file)))
    expect(named).not.toEqual([])
    for (const file of named) {
      expect(file).toMatch(/^\.\/node_modules\/warren\/schemas\//)
      expect(existsSync(join(ROOT, file.replace('./node_modules/warren/', '')))).toBe(true)
    }
    const examples = (await readdir(join(ROOT, 'topologies'))).filter((name) => /(?<!\.test)\.yaml$/.test(name))
    const texts = await Promise.all(examples.map((name) => readFile(join(ROOT, 'topologies', name), 'utf8')))
    const missing = texts
      .flatMap((text) => /\$schema=(\S+)/.exec(text)?.[1] ?? [])
      .filter((file) => !existsSync(join(ROOT, 'topologies', file)))
    expect(missing).toEqual([])
  })

  it('does not set the address of the broker that `warren broker start` has set', () => {
    const overriding = PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(/^\$ (?:export )?WARREN_(?:AMQP_)?URL=.*$/gm)].map(([line]) => `${path}: ${line}`),
    )
    expect(overriding).toEqual([])
  })

  it('shows all commands of a guide for the broker, without steps in comments', () => {
    const hidden = PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(/^<!-- broker: (.*) -->\n(?!\n```sh\n)/gm)].map(([, what]) => `${path}: ${what}`),
    )
    expect(hidden).toEqual([])
  })
})
