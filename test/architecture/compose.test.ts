/** What can be checked of Docker Compose without a daemon: that it names what is there, and all of it. */

import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const services = globSync('services/*', { cwd: root }).map((folder) => basename(folder))

interface Service {
  command?: string[]
  depends_on?: Record<string, unknown>
  environment?: Record<string, string | number>
  ports?: string[]
  volumes?: string[]
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, null>
}

test.each(services)('%s runs in Compose, and Prometheus scrapes it', (name) => {
  const prometheus = parse(read('infra/prometheus/prometheus.yml')) as {
    scrape_configs: { dns_sd_configs?: { names: string[] }[] }[]
  }
  expect(compose.services[name]?.command).toEqual([`services/${name}/src/main.ts`])
  expect(prometheus.scrape_configs[0]?.dns_sd_configs?.[0]?.names).toContain(name)
})

test('everything that Compose depends on, mounts or keeps is there', () => {
  for (const { depends_on = {}, volumes = [] } of Object.values(compose.services)) {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(depends_on)))
    for (const [from = ''] of volumes.map((volume) => volume.split(':'))) {
      expect(from.startsWith('.') ? existsSync(join(root, from)) : from in compose.volumes, from).toBe(true)
    }
  }
})

test('nothing is open to other machines', () => {
  const ports = Object.values(compose.services).flatMap((service) => service.ports ?? [])
  expect(ports.length).toBeGreaterThan(0)
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

test('what Compose sets for a service, .env.example explains', () => {
  const explained = new Set([...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name))
  const set = Object.keys(compose.services['triage']?.environment ?? {}).filter((name) => name !== 'OTEL_SERVICE_NAME')
  expect(set.filter((name) => !explained.has(name))).toEqual([])
})

test('the collector uses only what it defines', () => {
  const sections = ['receivers', 'processors', 'exporters'] as const
  type Named = Record<(typeof sections)[number], Record<string, unknown>>
  type Pipelines = Record<string, Record<(typeof sections)[number], string[]>>
  const collector = parse(read('infra/otel/collector.yaml')) as Named & { service: { pipelines: Pipelines } }
  for (const pipeline of Object.values(collector.service.pipelines)) {
    for (const section of sections) expect(Object.keys(collector[section])).toEqual(expect.arrayContaining(pipeline[section]))
  }
})
