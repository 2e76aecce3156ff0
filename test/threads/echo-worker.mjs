// A thread for the tests of the pool: it says what it was told, or dies, or waits until it is told to give up.
import { parentPort, workerData } from 'node:worker_threads'

const setups = []
parentPort.on('message', ({ setup, order, message }) => {
  if (setup !== undefined) {
    setups.push(message)
    return
  }
  if (message.die) process.exit(1)
  if (message.dieOnce && Atomics.exchange(message.dieOnce, 0, 1) === 0) throw new Error('died once')
  if (message.wait) while (Atomics.load(workerData.cancelled, 0) !== order) Atomics.add(message.wait, 0, 1)
  if (message.fault) parentPort.postMessage({ order, error: new RangeError('not my fault') })
  else parentPort.postMessage({ order, answer: { echo: message.echo, setups } })
})
