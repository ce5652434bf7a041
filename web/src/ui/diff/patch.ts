/** Why there are no lines to show; undefined where there are. */
export function endsWithoutText(patch: string): string | undefined {
  if (/^@@ /m.test(patch)) return undefined;
  if (patch === "") return "Too large, or not a text: its lines are not compared here.";
  if (/^(Binary files |GIT binary patch)/m.test(patch)) return "A binary file: there are no lines to compare.";
  if (/^rename to /m.test(patch)) return "Renamed, with the same content.";
  if (/^new mode /m.test(patch)) return "Only its mode changed.";
  if (/^new file mode /m.test(patch)) return "A new file without a line.";
  if (/^deleted file mode /m.test(patch)) return "An empty file was deleted.";
  return "There are no lines to show.";
}
