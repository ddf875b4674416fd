/* SHA-256, piece by piece, by OpenSSL. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_HEX = 64 };

struct sha256 {
	void *context; /* EVP_MD_CTX */
	uint64_t size; /* bytes so far */
};

/* Ended by sha256_hex() or sha256_free(). */
void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t n);
/* Ends it: 64 lower-case digits and a NUL. */
void sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1]);
/* Ends it without a result; fine if it has ended. */
void sha256_free(struct sha256 *h);

#endif
