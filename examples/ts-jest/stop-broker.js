module.exports = () => globalThis.broker.stop()
