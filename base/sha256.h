/* SHA-256, piece by piece. https://csrc.nist.gov/pubs/fips/180-4/upd1/final */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_HEX = 64 };

extern const uint32_t sha256_constants[64];

/* Takes n blocks of 64 bytes into the state. */
typedef void sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n);

struct sha256 {
	sha256_blocks *add_blocks;
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	unsigned char block[64];
};

void sha256_init(struct sha256 *h);
/* In C alone, and by the processor's own instructions: NULL where it has
 * none. sha256_init() takes the faster. */
sha256_blocks sha256_blocks_portable;
sha256_blocks *sha256_blocks_native(void);

void sha256_add(struct sha256 *h, const void *data, size_t n);
/* Ends it: 64 lower-case digits and a NUL. */
void sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1]);

#endif
