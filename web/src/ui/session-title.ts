/** A session's title; of one that nobody has named yet without the moment, which stands beside it anyway. */
export function sessionTitle(title: string): string {
  return title.replace(/^((?:New|Child) session) - \d{4}-\d\d-\d\dT[\d:.]+Z$/, "$1");
}
