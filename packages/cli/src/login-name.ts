import { userInfo } from 'node:os'

/** A container may run as a user without a name. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody'
  }
}
