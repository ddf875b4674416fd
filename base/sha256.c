/*
 * SHA-256 as FIPS 180-4 writes it down, with the message schedule kept in a
 * ring of 16 words.
 */
#include "base/sha256.h"

#include <string.h>

const uint32_t sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

void sha256_init(struct sha256 *h)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	h->add_blocks = sha256_blocks_native();
	if (!h->add_blocks)
		h->add_blocks = sha256_blocks_portable;
	memcpy(h->state, start, sizeof(start));
	h->size = 0;
}

static uint32_t rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t word_at(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* Word i of the schedule, which replaces the one 16 before it. */
static inline void next_word(uint32_t w[16], int i)
{
	uint32_t w15 = w[(i + 1) & 15], w2 = w[(i + 14) & 15];
	uint32_t s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3;
	uint32_t s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10;

	w[i] += s0 + w[(i + 9) & 15] + s1;
}

/* One round, told by which of the eight variables is a: instead of moving all
 * of them on, the next round calls them by other names. */
static inline void add_round(uint32_t v[8], int a, uint32_t word)
{
	uint32_t *h = &v[(a + 7) & 7], *d = &v[(a + 3) & 7];
	uint32_t va = v[a], vb = v[(a + 1) & 7], vc = v[(a + 2) & 7];
	uint32_t ve = v[(a + 4) & 7], vf = v[(a + 5) & 7], vg = v[(a + 6) & 7];

	*h += word + (rotate(ve, 6) ^ rotate(ve, 11) ^ rotate(ve, 25)) +
	      (vg ^ (ve & (vf ^ vg)));
	*d += *h;
	*h += (rotate(va, 2) ^ rotate(va, 13) ^ rotate(va, 22)) +
	      ((va & vb) | (vc & (va | vb)));
}

static inline void add_eight(uint32_t v[8], const uint32_t *w,
			     const uint32_t *constants)
{
	add_round(v, 0, w[0] + constants[0]);
	add_round(v, 7, w[1] + constants[1]);
	add_round(v, 6, w[2] + constants[2]);
	add_round(v, 5, w[3] + constants[3]);
	add_round(v, 4, w[4] + constants[4]);
	add_round(v, 3, w[5] + constants[5]);
	add_round(v, 2, w[6] + constants[6]);
	add_round(v, 1, w[7] + constants[7]);
}

static void add_block(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[16], v[8];

	memcpy(v, state, sizeof(v));
	for (int i = 0; i < 16; i++)
		w[i] = word_at(block + i * 4);
	for (int i = 0;; i += 16) {
		add_eight(v, w, sha256_constants + i);
		add_eight(v, w + 8, sha256_constants + i + 8);
		if (i == 48)
			break;
		for (int j = 0; j < 16; j++)
			next_word(w, j);
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_blocks_portable(uint32_t state[8], const unsigned char *p, size_t n)
{
	for (; n; n--, p += 64)
		add_block(state, p);
}

void sha256_add(struct sha256 *h, const void *data, size_t n)
{
	const unsigned char *p = data;
	size_t used = h->size % sizeof(h->block);

	h->size += n;
	if (used + n < sizeof(h->block)) {
		memcpy(h->block + used, p, n);
		return;
	}
	if (used) {
		size_t rest = sizeof(h->block) - used;

		memcpy(h->block + used, p, rest);
		h->add_blocks(h->state, h->block, 1);
		p += rest;
		n -= rest;
	}
	h->add_blocks(h->state, p, n / sizeof(h->block));
	p += n - n % sizeof(h->block);
	n %= sizeof(h->block);
	memcpy(h->block, p, n);
}

void sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1])
{
	static const unsigned char padding[64] = {0x80};
	static const char digits[] = "0123456789abcdef";
	uint64_t bits = h->size * 8;
	unsigned char end[8];

	for (int i = 0; i < 8; i++)
		end[i] = (unsigned char)(bits >> (56 - i * 8));
	sha256_add(h, padding, 1 + (119 - h->size % 64) % 64);
	sha256_add(h, end, sizeof(end));
	for (int i = 0; i < SHA256_HEX; i++)
		out[i] = digits[h->state[i / 8] >> (28 - i % 8 * 4) & 15];
	out[SHA256_HEX] = '\0';
}
