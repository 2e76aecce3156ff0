import { type Channel, channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel'

// Held here, since a channel that nobody holds is forgotten with its subscribers.

/** Questions that took long: `QueryMessage`. */
export const queryChannel: Channel = channel('crowdbit:query')

/** Every question: `tracing:crowdbit:query:start`, `…:end` and `…:error` get one `QueryTrace` each. */
export const queryTracing: TracingChannel<unknown, object> = tracingChannel('crowdbit:query')

/** `CheckpointMessage` */
export const checkpointChannel: Channel = channel('crowdbit:checkpoint')

/** `RecoveryMessage` */
export const recoveryChannel: Channel = channel('crowdbit:recovery')

/** `RejectedWriteMessage` */
export const rejectedWriteChannel: Channel = channel('crowdbit:rejected-write')
