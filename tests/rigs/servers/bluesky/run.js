// A Bluesky PDS and the directory of identities it needs, on loopback alone, without the internet. Started by tests/rigs/bluesky_pds.py.
//
//   FOLDER          where accounts, records and pictures lie; removed at the end
//   PORT, PLC_PORT  of the server, and of the directory
//   ADMIN           password of its administrator
//   LIMITS          1: the account's limits are at work, as on the public servers
//
// Says "ready" once it answers. Lives as long as its standard input is open, and no longer: nothing is left behind, however its starter ends.
'use strict'
const crypto = require('crypto')
const fs = require('fs')
const net = require('net')
const path = require('path')

const { FOLDER, PORT, PLC_PORT, ADMIN, LIMITS } = process.env
const LOOPBACK = '127.0.0.1'

process.stdin.resume()
process.stdin.on('end', () => {
  fs.rmSync(FOLDER, { recursive: true, force: true })
  process.exit(0)
})

// both servers name a port and no address, and would be open to the network
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' ? listen.call(this, port, LOOPBACK, ...rest) : listen.call(this, port, ...rest)
}

async function main() {
  const { PlcServer, MockDatabase } = require('@did-plc/server')
  const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
  const secret = (bytes) => crypto.randomBytes(bytes).toString('hex')
  fs.mkdirSync(path.join(FOLDER, 'blobs'), { recursive: true })

  await PlcServer.create({ db: new MockDatabase(), port: Number(PLC_PORT) }).start()
  const env = {
    devMode: true, port: Number(PORT), hostname: 'localhost', serviceHandleDomains: ['.test'], inviteRequired: false,
    dataDirectory: FOLDER, blobstoreDiskLocation: path.join(FOLDER, 'blobs'), didPlcUrl: `http://${LOOPBACK}:${PLC_PORT}`,
    jwtSecret: secret(16), dpopSecret: secret(32), adminPassword: ADMIN, plcRotationKeyK256PrivateKeyHex: secret(32),
    disableSsrfProtection: true, crawlers: [], rateLimitsEnabled: LIMITS === '1', rateLimitBypassKey: ADMIN,
  }
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  console.log('ready')
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
