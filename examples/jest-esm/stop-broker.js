export default () => globalThis.broker.stop()
