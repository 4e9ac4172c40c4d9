#!/bin/sh
# Draws the pictures that devices show for the installed app, from the two drawings. Needs Chromium; run it when a drawing changes.
set -eu
cd "$(dirname "$0")/../crates/web/assets"
browser=${CHROMIUM:-chromium}

draw() { # drawing, picture, width
  folder=$(mktemp -d)
  printf '<!doctype html><style>html,body{margin:0;background:transparent}img{display:block;width:%spx;height:%spx}</style><img src="file://%s/%s">' \
    "$3" "$3" "$PWD" "$1" > "$folder/page.html"
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 \
    --window-size="$3,$3" --screenshot="$PWD/$2" "file://$folder/page.html" >/dev/null 2>&1
  rm -r "$folder"
}

draw icon.svg icon-192.png 192
draw icon.svg icon-512.png 512
draw icon-maskable.svg icon-maskable-512.png 512
draw icon-maskable.svg icon-touch-180.png 180
