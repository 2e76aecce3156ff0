import { errnoOf } from './store-fault.ts'

/** Does something that a signal may interrupt (`EINTR`), again until it isn't. */
export function retryInterrupted<T>(action: () => T): T {
  for (;;) {
    try {
      return action()
    } catch (error) {
      if (errnoOf(error) !== 'EINTR') throw error
    }
  }
}
