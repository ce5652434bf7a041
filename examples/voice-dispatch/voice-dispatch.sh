#!/bin/sh
# voice-dispatch.sh TEXT, or TEXT on standard input: hands what was said to a session and returns at once.
# Needs only sh, sed, awk and curl, so that a phone's shortcut can run it over ssh.
set -eu

server="${CODEPORT_URL:-http://127.0.0.1:4096}"
session="${OPENCODE_SESSION_ID:-default}"

# TEXT in double quotes, as JSON and curl's configuration both read it. Quotes, newlines, $(…) and backquotes stay the characters they
# are: nothing here evaluates them.
quote() {
  tab="$(printf '\t')"
  # The x keeps newlines at the end, which $(…) would drop. Other control characters have no place in speech.
  quoted="$(
    printf '%sx' "$1" |
      LC_ALL=C tr -d '\000-\010\013-\037\177' |
      LC_ALL=C sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g" |
      LC_ALL=C awk '{ printf "%s%s", separator, $0; separator = "\\n" }'
  )"
  printf '"%s"' "${quoted%x}"
}

case "$session" in
  *[!A-Za-z0-9_]*)
    echo "OPENCODE_SESSION_ID is no session id: $session" >&2
    exit 2
    ;;
esac

if [ "$#" -gt 0 ]; then text="$*"; else text="$(cat)"; fi
if [ -z "$text" ]; then
  echo "Nothing was said." >&2
  exit 2
fi

# By configuration on standard input: the list of processes shows neither the text nor the password.
{
  printf "%s\n" "data-raw = $(quote "{\"parts\":[{\"type\":\"text\",\"text\":$(quote "$text")}]}")"
  if [ -n "${OPENCODE_SERVER_PASSWORD:-}" ]; then printf "%s\n" "user = $(quote "${OPENCODE_SERVER_USERNAME:-opencode}:$OPENCODE_SERVER_PASSWORD")"; fi
} | curl --silent --show-error --fail-with-body --header "Content-Type: application/json" --config - "$server/session/$session/prompt_async"
