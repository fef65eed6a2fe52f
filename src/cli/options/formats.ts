/** The formats of results: for people, for programs, for pull requests, and for the services that show reports. */
export const FORMATS = ['text', 'diff', 'json', 'markdown', 'github', 'sarif', 'junit', 'gitlab'] as const

export type Format = (typeof FORMATS)[number]

/** The list of formats for help texts. */
export const FORMAT_LIST = FORMATS.join(', ')
