import type { CrowdbitError, Engine, RuleInput, SchemaSpec } from 'crowdbit'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { problemOf } from './problem.ts'

/** Most bytes of a body: a rule is small, and what is larger is not read to its end. */
const bodyLimit = 16 * 1024

/**
 * Only the shape of the body is checked here. Whether a rule is one, and fits the tags, is checked by crowdbit, whose
 * errors say where and why.
 */
const ruleSchema = { anyOf: [{ type: 'string' }, { type: 'object' }] }
const ruleBody = {
  type: 'object',
  required: ['rule'],
  additionalProperties: false,
  properties: { rule: ruleSchema },
}
const audienceBody = {
  type: 'object',
  required: ['name', 'rule'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    rule: ruleSchema,
    min: { type: 'integer', minimum: 0 },
    max: { type: 'integer', minimum: 0 },
  },
}
const pageQuery = {
  type: 'object',
  properties: { cursor: { type: 'string' }, limit: { type: 'string', pattern: '^[0-9]{1,4}$' } },
}

interface RuleBody {
  readonly rule: RuleInput
}

interface AudienceBody extends RuleBody {
  readonly name: string
  readonly min?: number
  readonly max?: number
}

interface PageQuery {
  readonly cursor?: string
  readonly limit?: string
}

/** Answers questions about an engine over HTTP: not started yet. */
export function createService<S extends SchemaSpec>(crowd: Engine<S>): FastifyInstance {
  // By default Fastify bends types to the schema and drops unknown keys: {"rule": 1} would be asked as the rule "1".
  const service = fastify({ bodyLimit, ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } })

  service.setErrorHandler<FastifyError | CrowdbitError>((error, request, reply) => {
    const { status, body } = problemOf(error)
    if (status >= 500) request.log.error(error)
    return reply.status(status).send(body)
  })
  service.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ code: 'NOT_FOUND', message: `nothing at ${request.method} ${request.url}`, facts: {} }),
  )

  service.post<{ Body: RuleBody }>('/count', { schema: { body: ruleBody } }, ({ body }) => {
    const prepared = crowd.prepare(body.rule)
    return { count: prepared.count(), universe: crowd.size, rule: String(prepared.rule), hash: prepared.hash }
  })

  service.post<{ Body: RuleBody }>('/preview', { schema: { body: ruleBody } }, ({ body }) => crowd.preview(body.rule))

  service.get('/audiences', () =>
    crowd.audiences.list().map(({ name, kind, source, size, version }) => ({
      name,
      kind,
      source,
      size,
      version: version.number,
    })),
  )

  service.post<{ Body: AudienceBody }>('/audiences', { schema: { body: audienceBody } }, ({ body }, reply) => {
    const { name, rule, min, max } = body
    const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
    const audience = crowd.audiences.create({ name, rule, bounds })
    return reply.status(201).send({ name: audience.name, size: audience.size, version: audience.version.number })
  })

  service.get<{ Params: { name: string }; Querystring: PageQuery }>(
    '/audiences/:name/people',
    { schema: { querystring: pageQuery } },
    ({ params, query }) =>
      crowd.audiences.get(params.name).version.page(query.cursor ?? null, Number(query.limit ?? 100)),
  )

  service.delete<{ Params: { name: string } }>('/audiences/:name', ({ params }, reply) => {
    crowd.audiences.remove(params.name)
    return reply.status(204).send()
  })

  return service
}
