import type { Argument, Command, Option } from 'commander'

/** One way to complete a word. */
export interface Candidate {
  readonly value: string
  readonly description?: string
}

/** The candidates for a word. */
export interface Completed {
  readonly candidates: readonly Candidate[]
  /** Whether the word may be the path of a file, which the shell completes itself. */
  readonly isPath: boolean
}

/** A position in a command line that expects a value. */
export interface ValuePlace {
  /** The long form of an option, or the name of an argument. */
  readonly name: string
  /** The name of the value in the help, such as `file`. */
  readonly form: string
  readonly choices: readonly string[]
  readonly description: string
  /** The names of the command and its subcommand. */
  readonly command: string
  /** The words before it, which choose the config, projects and environments. */
  readonly before: readonly string[]
}

/** Lists the values of a position. */
export type ValuesOf = (place: ValuePlace) => Promise<readonly string[]>

const PATHS = new Set(['file', 'path', 'path...', 'folder', 'plan'])

/**
 * Completes the last word of a command line.
 *
 * @param words without the name of the program; the last one is completed, and may be empty
 */
export async function completeWords(
  program: Command,
  words: readonly string[],
  valuesOf: ValuesOf,
): Promise<Completed> {
  const before = words.slice(0, -1)
  const word = words.at(-1) ?? ''
  const position = positionOf(program, before)
  const { command, option } = position
  const place = { command: pathOf(command), before }
  if (option) return completeValue(placeOfOption(option, place), '', word, valuesOf)
  const assigned = position.isAfterDashes ? undefined : /^(--[^=]+)=(.*)$/s.exec(word)
  if (assigned) {
    const [, name = '', value = ''] = assigned
    const given = optionOf(command, name)
    return given === undefined ? NOTHING : completeValue(placeOfOption(given, place), `${name}=`, value, valuesOf)
  }
  if (word.startsWith('-') && !position.isAfterDashes) return { candidates: optionsOf(command, word), isPath: false }
  const subcommands = position.operands === 0 ? subcommandsOf(command, word) : []
  const argument = argumentAt(command, position.operands)
  if (argument === undefined) return { candidates: subcommands, isPath: false }
  const values = await completeValue(placeOfArgument(argument, place), '', word, valuesOf)
  return { ...values, candidates: [...subcommands, ...values.candidates] }
}

const NOTHING: Completed = { candidates: [], isPath: false }

/** The position of a word, determined by the words before it. */
interface Position {
  readonly command: Command
  /** The option whose value the word is. */
  readonly option?: Option
  /** The number of arguments of the command before the word. */
  readonly operands: number
  readonly isAfterDashes: boolean
}

function positionOf(program: Command, before: readonly string[]): Position {
  let command = program
  let operands = 0
  let option: Option | undefined
  let isAfterDashes = false
  for (const word of before) {
    if (option) {
      option = undefined
    } else if (!isAfterDashes && word === '--') {
      isAfterDashes = true
    } else if (!isAfterDashes && word.startsWith('-')) {
      const named = optionOf(command, word)
      option = named?.required === true ? named : undefined
    } else {
      const next = operands === 0 ? command.commands.find((each) => each.name() === word) : undefined
      if (next) command = next
      else operands += 1
    }
  }
  return { command, operands, isAfterDashes, ...(option && { option }) }
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short }) => word === long || word === short)
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1)
  return registeredArguments[index] ?? (last?.variadic === true ? last : undefined)
}

function pathOf(command: Command): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

type Around = Pick<ValuePlace, 'command' | 'before'>

function placeOfOption({ long, flags, argChoices, description }: Option, around: Around): ValuePlace {
  const form = /<(.*)>/.exec(flags)?.[1] ?? ''
  return { ...around, name: long ?? flags, form, choices: argChoices ?? [], description }
}

function placeOfArgument(argument: Argument, around: Around): ValuePlace {
  const name = argument.name()
  return { ...around, name, form: name, choices: argument.argChoices ?? [], description: argument.description }
}

async function completeValue(place: ValuePlace, prefix: string, word: string, valuesOf: ValuesOf): Promise<Completed> {
  // After `FORMAT=` and `delete=`, a path or an address follows.
  const paired = /^([^=]*=)/.exec(word)?.[1] ?? ''
  const values = place.choices.length > 0 ? place.choices : await valuesOf(place)
  const isPath = PATHS.has(place.form) || (place.form.endsWith('=path') && paired !== '')
  const candidates = [...new Set(values)].filter((value) => value.startsWith(word) && value !== paired)
  return { candidates: candidates.map((value) => ({ value: `${prefix}${value}` })), isPath }
}

function subcommandsOf(command: Command, word: string): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name().startsWith(word))
    .map((each) => ({ value: each.name(), description: each.description() }))
}

function optionsOf(command: Command, word: string): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short, description }) => [long, short].map((name) => ({ name, description })))
    .flatMap(({ name, description }) => (name?.startsWith(word) === true ? [{ value: name, description }] : []))
    .filter(({ value }) => value.startsWith('--') || word.length === 2)
}
