/* SHA-256, piece by piece. https://csrc.nist.gov/pubs/fips/180-4/upd1/final */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_HEX = 64 };

struct sha256 {
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	unsigned char block[64];
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t n);
/* Ends it: 64 lower-case digits and a NUL. */
void sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1]);

#endif
