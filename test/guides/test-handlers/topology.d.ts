// Made by `warren types` from the topology of the project 'email'. Do not edit it: generate it again.

/** For `connect<Routes>()` of `warren/runtime`. */
export interface Routes {
  publications: {
    'email-sent': { body: EmailSent.Body; parameters: never }
    'send-email': { body: SendEmail.Body; parameters: never }
  }
  subscriptions: {
    emails: { body: SendEmail.Body }
  }
}

export namespace EmailSent {
  export interface Body {
    to: string
    attempts: number
  }
}

export namespace SendEmail {
  export interface Body {
    to: string
    text: string
  }
}
