#!/usr/bin/env bash
# Is there a browser for test/browser? The names are those that its chromium() looks for.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
exit 1
