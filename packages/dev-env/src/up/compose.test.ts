import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { repositoryRoot } from '../real/cache.ts'
import { composeAddresses, composeStop, composeUp, dockerAnswers, type ComposePart } from './compose.ts'

test('the addresses are those that docker-compose.yml publishes', () => {
  const file = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8')
  const { services } = parse(file) as { services: Record<string, { ports?: string[] }> }
  for (const [part, address] of Object.entries(composeAddresses)) {
    const [published = ''] = services[part]?.ports ?? []
    expect(address).toContain(published.split(':').slice(0, 2).join(':'))
  }
})

test('only the parts that are asked for are started and stopped', async () => {
  const ran: string[] = []
  const runner = async (command: string, args: string[]) => {
    ran.push([command, ...args].join(' '))
    return ''
  }
  const parts: ComposePart[] = ['kafka', 'redis']
  await composeUp(parts, runner)
  await composeStop(parts, runner)
  expect(ran).toEqual(['docker compose up --detach --wait kafka redis', 'docker compose stop kafka redis'])
})

test('a daemon that does not answer is no Docker', async () => {
  expect(await dockerAnswers(async () => 'Server Version')).toBe(true)
  expect(await dockerAnswers(() => Promise.reject(new Error('Cannot connect to the Docker daemon')))).toBe(false)
})
