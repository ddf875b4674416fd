#!/bin/sh
# Writes a batch of recent changes as newline-delimited JSON, in the shape of
# Wikimedia's event stream: bots, anonymous users by IP address, titles in many
# scripts, hidden users, events that are delivered twice. Always the same ones.
#
# usage: make_events.sh 1|2 > data/batchN.ndjson
#
# Batch 1 is 25,000 events in 25,016 lines, batch 2 is 25,000 later events in
# 25,019 lines, and behind them 40 lines of batch 1 once more.
set -eu
case ${1-} in
1 | 2) ;;
*)
	echo "usage: $0 1|2" >&2
	exit 2
	;;
esac
# shellcheck disable=SC1112 # O’Neill is written so
LC_ALL=C exec awk -v batch="$1" '
# Lehmer generator: the products stay below 2^53, so doubles are exact.
function random(n)
{
	state = (state * 48271) % 2147483647
	return state % n
}

function two(n)
{
	return n < 10 ? "0" n : n
}

# Few people do most of the work, as in life.
function person(	r, n)
{
	r = random(1000)
	n = (random(40) + 1) * (random(40) + 1) * (random(40) + 1)
	if (r < 12)
		return "null"
	if (r < 140)
		return "\"" random(224) + 1 "." random(256) "." random(256) "." random(256) "\""
	if (r < 170)
		return sprintf("\"2001:DB8:%X:%X::%X\"", random(65536), random(65536), random(65536))
	return "\"" first[n * 11 % nfirst + 1] " " last[(n * 7 + int(n / nfirst)) % nlast + 1] "\""
}

function event(id, t,	r, who, bot, what)
{
	r = random(100)
	bot = "false"
	if (r < 22) {
		who = "\"" bots[random(nbots) + 1] "\""
		bot = "true"
	} else {
		who = person()
	}
	what = spaces[random(nspaces) + 1] titles[random(ntitles) + 1]
	if (random(3) == 0)
		what = what " (" 1850 + random(175) ")"
	return sprintf("{\"id\":%d,\"timestamp\":\"2026-11-%sT%s:%s:%sZ\",\"user\":%s,\"title\":\"%s\",\"bot\":%s}", \
		id, two(21 + int(t / 86400)), two(int(t / 3600) % 24), two(int(t / 60) % 60), two(t % 60), who, what, bot)
}

BEGIN {
	nfirst = split("Ada Bela Chidi Dilnoza Emeka Fátima Grace Håkon Inés José Kenji Łucja Mina Ngozi Olena Priya Quỳnh Rasmus Sığla Tatjana Víctor Wanjiru Xiomara Yael Żaneta 小林 李娜 Ольга محمد", first, " ")
	nlast = split("Abbott Bravo Çelik Dvořák Eriksen Faragó Grigoryan Hassan Ivanova Jansen Kowalski Lindqvist Müller Nakamura O’Neill Petrov Quispe Rossi Søndergaard Tanaka", last, " ")
	nbots = split("CitationBot ClueBot-NG InternetArchiveBot Lsjbot Wikidata-Bot KrBot SineBot", bots, " ")
	nspaces = split("|||||Talk:|User talk:|File:|Category:", spaces, "|")
	ntitles = split("Weir|River Thames|Zürich|Straße|São Paulo|Łódź|Київ|Москва|北京市|東京|서울|القاهرة|ירושלים|Αθήνα|हिन्दी|ไทย|Dolmuş|Côte d’Ivoire|Ångström|Naïve Bayes|\\\"Heroes\\\" (album)|AC\\/DC|Back\\\\slash|Emoji 😀|C♯ (musical note)|Turnstile|Ledger|Olympics|List of rivers by length|Main Page", titles, "|")

	state = 20261121
	n = 25000
	id = 10000
	t = 0
	for (b = 1; b <= batch; b++) {
		for (i = 1; i <= n; i++) {
			id += 1 + random(3)
			t += random(3) == 0 ? 1 : 0
			if (i == 1)
				t += 60
			line = event(id, t)
			if (b == batch)
				print line
			if (b < batch && i % 617 == 0)
				seen[++nseen] = line
			if (random(1250) == 0 && b == batch)
				print line # delivered twice
		}
	}
	for (i = 1; i <= nseen; i++)
		print seen[i]
}'
