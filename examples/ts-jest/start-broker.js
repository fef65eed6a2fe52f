const { connectionVariables, startBroker } = require('warren/testing')

// Once for the whole run. The workers of jest are started later and inherit the variables, so all files share the broker.
module.exports = async () => {
  globalThis.broker = await startBroker()
  Object.assign(process.env, connectionVariables(globalThis.broker))
}
