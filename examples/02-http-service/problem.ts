import { CrowdbitError, type ErrorCode } from 'crowdbit'
import type { FastifyError } from 'fastify'

/** What the client gets of an error. */
export interface Problem {
  readonly status: number
  readonly body: { readonly code: string; readonly message: string; readonly facts: object }
}

/** Codes whose status their beginning doesn't tell. */
const statuses: Partial<Record<ErrorCode, number>> = {
  RULE_TOO_LONG: 413,
  AUDIENCE_UNKNOWN: 404,
  AUDIENCE_VERSION_UNKNOWN: 404,
  AUDIENCE_NAME_TAKEN: 409,
  AUDIENCE_IN_USE: 409,
  AUDIENCE_TOO_SMALL: 422,
  AUDIENCE_TOO_LARGE: 422,
}

/** Beginnings of the codes that are the client's mistakes. Everything else, such as the store's, is the service's. */
const clients = ['RULE_', 'AUDIENCE_', 'OPTION_', 'CURSOR_', 'ID_']

/** Turns an error into an answer. Nothing of a fault of our own is shown. */
export function problemOf(error: FastifyError | CrowdbitError): Problem {
  if (error instanceof CrowdbitError) {
    const status = statuses[error.code] ?? (clients.some((prefix) => error.code.startsWith(prefix)) ? 400 : 500)
    if (status < 500) return { status, body: error.toJSON() }
  } else if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, body: { code: error.code, message: error.message, facts: {} } }
  }
  return { status: 500, body: { code: 'INTERNAL', message: 'the service failed', facts: {} } }
}
