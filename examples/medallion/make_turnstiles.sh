#!/bin/sh
# Writes data/turnstiles.csv: counters of turnstiles, read every four hours for
# a week. Counters only grow, but for one that was replaced and starts again.
set -eu
LC_ALL=C exec awk '
function random(n)
{
	state = (state * 48271) % 2147483647
	return state % n
}

BEGIN {
	state = 4711
	n = 0
	station[++n] = "Harbour"; line[n] = "A"; busy[n] = 900
	station[++n] = "Market Square"; line[n] = "A"; busy[n] = 1600
	station[++n] = "University"; line[n] = "B"; busy[n] = 1100
	station[++n] = "Old Mill"; line[n] = "B"; busy[n] = 250
	station[++n] = "Airport"; line[n] = "C"; busy[n] = 700
	station[++n] = "\"Weir Street, North\""; line[n] = "C"; busy[n] = 400
	print "station,line,unit,read_at,entries,exits"
	for (s = 1; s <= n; s++)
		for (u = 1; u <= 2; u++) {
			entries = 100000 + random(900000)
			exits = 100000 + random(900000)
			for (h = 0; h <= 7 * 24; h += 4) {
				if (s == 4 && u == 2 && h == 72)
					entries = exits = 0
				printf "%s,%s,R%03d-%02d,2026-11-%02dT%02d:00:00Z,%d,%d\n", station[s], line[s], s * 17, u, \
					9 + int(h / 24), h % 24, entries, exits
				quiet = h % 24 < 4 ? 8 : 1
				entries += int((busy[s] + random(busy[s])) / quiet)
				exits += int((busy[s] + random(busy[s])) / quiet)
			}
		}
}'
