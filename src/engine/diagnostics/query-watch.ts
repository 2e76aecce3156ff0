import { CrowdbitError } from '../../base/crowdbit-error.ts'
import type { ErrorCode } from '../../base/error-codes.ts'
import { queryChannel, queryTracing } from './channels.ts'
import type { QueryMessage, QueryTrace, QuestionKind } from './messages.ts'

const { start, end, error: refused } = queryTracing

/** Tells of questions, where anybody listens. */
export class QueryWatch {
  readonly #slowMs: number

  /** @param slowMs from how many milliseconds on a question is slow */
  constructor(slowMs: number) {
    this.#slowMs = slowMs
  }

  /** Whether anybody listens. Where not, a question is answered without more ado. */
  get isOn(): boolean {
    return queryChannel.hasSubscribers || start.hasSubscribers || end.hasSubscribers || refused.hasSubscribers
  }

  /**
   * Answers a question and tells of it.
   *
   * @param hashOf the canonical hash of its rule
   * @param peopleOf how many people an answer has
   */
  ask<Answer>(
    kind: QuestionKind,
    hashOf: () => string | null,
    answer: () => Answer,
    peopleOf: (answer: Answer) => number | null = () => null,
  ): Answer {
    const question = this.#begin(kind, hashOf, peopleOf)
    try {
      return question.answered(answer())
    } catch (error) {
      throw question.refused(error)
    } finally {
      question.end()
    }
  }

  /** As `ask`, of a question whose answer is awaited. */
  async askAsync<Answer>(
    kind: QuestionKind,
    hashOf: () => string | null,
    answer: () => Promise<Answer>,
    peopleOf: (answer: Answer) => number | null = () => null,
  ): Promise<Answer> {
    const question = this.#begin(kind, hashOf, peopleOf)
    try {
      return question.answered(await answer())
    } catch (error) {
      throw question.refused(error)
    } finally {
      question.end()
    }
  }

  #begin<Answer>(
    kind: QuestionKind,
    hashOf: () => string | null,
    peopleOf: (answer: Answer) => number | null,
  ): Watched<Answer> {
    const trace: Filled = { kind, hash: null, people: null, milliseconds: null, code: null }
    start.publish(trace)
    const began = performance.now()
    return {
      answered: (answer) => {
        trace.milliseconds = performance.now() - began
        trace.people = peopleOf(answer)
        const isSlow = trace.milliseconds >= this.#slowMs && queryChannel.hasSubscribers
        if (isSlow || end.hasSubscribers) trace.hash = hashOf()
        if (isSlow) queryChannel.publish(slowOf(trace))
        return answer
      },
      refused: (error) => {
        trace.milliseconds ??= performance.now() - began
        trace.code = error instanceof CrowdbitError ? error.code : 'INTERNAL'
        refused.publish(trace)
        return error
      },
      end: () => end.publish(trace),
    }
  }
}

/** A question that is being watched. */
interface Watched<Answer> {
  answered(answer: Answer): Answer
  refused(error: unknown): unknown
  end(): void
}

/** A `QueryTrace` on its way. */
type Filled = { -readonly [Name in keyof QueryTrace]: QueryTrace[Name] } & { code: ErrorCode | null }

function slowOf({ kind, hash, people, milliseconds }: Filled): QueryMessage {
  return { kind, hash, people, milliseconds: milliseconds! }
}
